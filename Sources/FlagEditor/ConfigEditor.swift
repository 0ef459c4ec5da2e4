internal import YAML

/// Changes what a flag does in one environment, in the text of `environments/<environment>/…/<flag>.yaml`.
///
/// Each function takes the bytes of the file and returns the new ones, the same when there is nothing to do.
package enum ConfigEditor {
  /// Switches the flag on or off, for all times.
  package static func setEnabled(_ isEnabled: Bool, in bytes: [UInt8]) throws(FlagEditError) -> [UInt8] {
    var file = try MappingEditor(bytes)
    let value = file.value("enabled")
    if value?.value == .bool(isEnabled) { return bytes }
    // `True` and `TRUE` mean the same, and whoever writes them so should find them so again.
    let word = isEnabled ? "true" : "false"
    let text: String
    switch value?.text {
    case "True", "False": text = isEnabled ? "True" : "False"
    case "TRUE", "FALSE": text = word.uppercased()
    default: text = word
    }
    try file.set("enabled", to: .plain(text), after: [])
    return file.editor.bytes
  }
}
