/// Escapes text for XML 1.0, which has no way to write most control characters: they become U+FFFD.
package enum XML {
  /// Text between tags.
  package static func text(_ text: String) -> String { escape(text, isAttribute: false) }

  /// Text between double quotes, where a line end would be read as a space.
  package static func attribute(_ text: String) -> String { escape(text, isAttribute: true) }

  private static func escape(_ text: String, isAttribute: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\r": result += "&#13;"
      case "\t", "\n":
        if isAttribute { result += "&#\(scalar.value);" } else { result.unicodeScalars.append(scalar) }
      default: result.unicodeScalars.append(scalar.value < 0x20 || scalar.value & ~1 == 0xfffe ? "\u{fffd}" : scalar)
      }
    }
    return result
  }
}
