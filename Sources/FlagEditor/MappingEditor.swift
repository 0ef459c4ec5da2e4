internal import YAML

/// A file whose outermost node is a mapping, under edit.
struct MappingEditor {
  var editor: DocumentEditor

  init(_ bytes: [UInt8]) throws(FlagEditError) {
    do throws(YAMLError) {
      editor = try DocumentEditor(bytes)
    } catch {
      throw FlagEditError(error)
    }
    guard editor.root.kind == .mapping else {
      throw FlagEditError("expected a mapping", at: editor.root.range, help: "see ensign validate")
    }
  }

  /// The value of a key of the file, if the key is there.
  func value(_ key: String) -> Document.Node? { editor.root.value(key) }

  /// Makes one change.
  mutating func edit(_ body: (inout DocumentEditor) throws(EditError) -> Void) throws(FlagEditError) {
    do throws(EditError) {
      try body(&editor)
    } catch {
      throw FlagEditError(error)
    }
  }

  /// Sets a key of the file: in its place, or else behind the last of `predecessors` that is there.
  mutating func set(_ key: String, to content: Content, after predecessors: [String]) throws(FlagEditError) {
    if let value = value(key) {
      try edit { editor throws(EditError) in try editor.replace(value, by: content) }
      return
    }
    let root = editor.root
    let position = root.entries.enumerated().reduce(-1) { last, entry in
      predecessors.contains(entry.element.key.text) ? entry.offset : last
    }
    guard position >= 0 || root.style == .flow else {
      throw FlagEditError("there is no place for `\(key)`", at: root.range, help: "add it by hand")
    }
    try edit { editor throws(EditError) in
      try editor.insert(Content.Entry(.text(key), content), into: root, after: position)
    }
  }
}

extension Document.Node {
  /// The value of a key of a mapping.
  func value(_ key: String) -> Document.Node? { entries.first { $0.key.textEquals(key) }?.value }
}
