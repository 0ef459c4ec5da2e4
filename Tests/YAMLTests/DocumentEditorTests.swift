import Foundation
import SeededRandom
import Testing

@testable import YAML

@Suite("Edits in place")
struct DocumentEditorTests {
  /// The project's own flags tree, as people write one.
  static let files: [String] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "flags").path(percentEncoded: false)
    return (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
      .filter { $0.hasSuffix(".yaml") }.sorted().map { folder + "/" + $0 }
  }()

  @Test("there are files")
  func found() { #expect(Self.files.count > 40) }

  private func nodes(_ editor: DocumentEditor) -> [Document.Node] {
    var nodes: [Document.Node] = []
    func add(_ node: Document.Node) {
      nodes.append(node)
      for element in node.elements { add(element) }
      for entry in node.entries {
        add(entry.key)
        add(entry.value)
      }
    }
    add(editor.root)
    return nodes
  }

  /// One node in so many is edited: each edit reads the file several times.
  private static let stride = Effort.isThorough ? 12 : 36

  @Test("of scalars, lists and mappings of a file can be taken back", arguments: files)
  func everywhere(_ file: String) throws {
    for hasReturns in [false, true] {
      var text = try String(contentsOfFile: file, encoding: .utf8)
      if hasReturns { text = text.replacing("\n", with: "\r\n") }
      let original = try DocumentEditor(Array(text.utf8))
      for node in nodes(original) where node.index % Self.stride == text.utf8.count % Self.stride {
        var editor = original
        func again() -> Document.Node { Document.Node(document: editor.document, index: node.index) }
        switch node.kind {
        case .scalar
        where node.style == .literal || node.style == .folded || node.range.start.line != node.range.end.line:
          continue
        case .scalar:
          try editor.replace(node, by: .text("replaced"))
          #expect(again().text == "replaced")
          let old = Content(node)
          try editor.replace(again(), by: old)
          // Quotes that were not needed, and other spellings, are the only things that may differ.
          #expect(Content(editor.root) == Content(original.root))
          if node.style != .plain || old.flowText == node.text { #expect(editor.bytes == original.bytes) }
        case .sequence:
          if node.style == .block && node.count == 0 { continue }
          try editor.append([.text("one"), .text("two: three")], to: node)
          #expect(again().count == node.count + 2)
          try editor.remove([node.count, node.count + 1], from: again())
          #expect(editor.bytes == original.bytes)
        case .mapping:
          try editor.insert(.init(.text("new key"), .plain("12")), into: node, after: node.count - 1)
          #expect(again().count == node.count + 1)
          try editor.remove([node.count], from: again())
          #expect(editor.bytes == original.bytes)
        }
      }
    }
  }

  @Test("are refused where they would say something else")
  func refused() throws {
    let cases: [(String, (inout DocumentEditor) throws(EditError) -> Void)] = [
      // What is inserted behind a text that keeps its last line breaks would be cut off from them.
      (
        "a: |+\n  text\n\nb: 1\n",
        { editor throws(EditError) in try editor.insert(.init(.text("x"), .plain("1")), into: editor.root, after: 0) }
      ),
      // Nothing at all is no list.
      ("- a\n", { editor throws(EditError) in try editor.remove([0], from: editor.root) }),
      // Two keys of one name.
      (
        "{a: 1, b: 2}",
        { editor throws(EditError) in try editor.insert(.init(.text("a"), .plain("1")), into: editor.root, after: 1) }
      ),
    ]
    for (text, edit) in cases {
      var editor = try DocumentEditor(Array(text.utf8))
      #expect(throws: EditError.self, "\(text)") { try edit(&editor) }
      #expect(String(decoding: editor.bytes, as: UTF8.self) == text)
    }
  }
}
