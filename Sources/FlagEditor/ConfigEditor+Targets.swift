internal import YAML

extension ConfigEditor {
  /// Gives targeting keys a variant before any rule is asked; keys that have another one change sides.
  package static func addTargets(
    _ keys: [String], to variant: String, in bytes: [UInt8]
  ) throws(FlagEditError) -> [UInt8] {
    var file = try MappingEditor(bytes)
    try remove(keys, from: &file) { $0 != variant }
    let present = Set(file.value("targets")?.value(variant)?.elements.map(\.text) ?? [])
    var seen = present
    let new = keys.filter { seen.insert($0).inserted }.map(Content.text)
    if new.isEmpty { return file.editor.bytes }
    if let targets = file.value("targets") {
      if let list = targets.value(variant) {
        try file.edit { editor throws(EditError) in
          if list.count == 0 {
            try editor.replace(list, by: .sequence(new))
          } else {
            try editor.append(new, to: list)
          }
        }
      } else {
        try file.edit { editor throws(EditError) in
          try editor.insert(.init(.text(variant), .sequence(new)), into: targets, after: targets.count - 1)
        }
      }
    } else {
      let targets = Content.mapping([.init(.text(variant), .sequence(new))])
      try file.set("targets", to: targets, after: ["enabled", "requires"])
    }
    return file.editor.bytes
  }

  /// Takes targeting keys out of the targets.
  ///
  /// - Parameter variant: only where they have this one; nil for any.
  package static func removeTargets(
    _ keys: [String], from variant: String?, in bytes: [UInt8]
  ) throws(FlagEditError) -> [UInt8] {
    var file = try MappingEditor(bytes)
    try remove(keys, from: &file) { (variant ?? $0) == $0 }
    return file.editor.bytes
  }

  private static func remove(
    _ keys: [String], from file: inout MappingEditor, where isMeant: (String) -> Bool
  ) throws(FlagEditError) {
    let unwanted = Set(keys)
    let count = file.value("targets")?.count ?? 0
    // From the last to the first: an entry that goes moves those behind it.
    for position in (0..<count).reversed() {
      guard let targets = file.value("targets"), let entry = Array(targets.entries)[at: position],
        isMeant(entry.key.text)
      else { continue }
      let positions = entry.value.elements.enumerated().filter { unwanted.contains($0.element.text) }.map(\.offset)
      if positions.isEmpty { continue }
      if positions.count < entry.value.count {
        try file.edit { editor throws(EditError) in try editor.remove(Set(positions), from: entry.value) }
      } else {
        try removeAll(of: entry.value, at: position, of: targets, in: &file)
      }
    }
  }

  /// Removes a variant's list, and `targets` with the last one; where comments stand in the way, an empty list stays.
  private static func removeAll(
    of list: Document.Node, at position: Int, of targets: Document.Node, in file: inout MappingEditor
  ) throws(FlagEditError) {
    let root = file.editor.root
    let place = root.entries.enumerated().first { $0.element.key.textEquals("targets") }?.offset
    do throws(EditError) {
      if targets.count > 1 {
        try file.editor.remove([position], from: targets)
      } else if let place {
        try file.editor.remove([place], from: root)
      }
    } catch {
      try file.edit { editor throws(EditError) in try editor.replace(list, by: .sequence([])) }
    }
  }
}

extension Array {
  /// The element at an index, if there is one.
  fileprivate subscript(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
