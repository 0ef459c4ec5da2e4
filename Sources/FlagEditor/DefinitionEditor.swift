internal import YAML

/// Changes what a flag is, in the text of `definitions/…/<flag>.yaml`.
package enum DefinitionEditor {
  /// Archives the flag.
  package static func archive(_ bytes: [UInt8]) throws(FlagEditError) -> [UInt8] {
    var file = try MappingEditor(bytes)
    if file.value("archived")?.value == .bool(true) { return bytes }
    // A new key comes last.
    let last = Array(file.editor.root.entries).last?.key.text
    try file.set("archived", to: .plain("true"), after: last.map { [$0] } ?? [])
    return file.editor.bytes
  }
}
