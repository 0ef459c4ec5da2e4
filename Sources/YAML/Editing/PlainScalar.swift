/// Writes a text as a YAML scalar that every reader takes for that text.
package enum PlainScalar {
  /// The text itself where it needs no quotes, else the text in double quotes.
  package static func text(of name: String) -> String {
    let isSafe =
      (name.utf8.first.map(isLetter) ?? false)
      && name.utf8.allSatisfy { isLetter($0) || ($0 &- 0x30) < 10 || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
    return isSafe && CoreScalar(plain: name) == .string ? name : inDoubleQuotes(name)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

  /// The text in double quotes, with YAML's escapes.
  package static func inDoubleQuotes(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
