/// What a terminal can be trusted with: texts of files and names come from strangers, and may hold escape sequences or
/// marks that change the direction of everything behind them.
package enum TerminalText {
  /// The text with all that would not be shown as it is made visible.
  package static func visible(_ text: String) -> String {
    if text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) { return text }
    return text.unicodeScalars.reduce(into: "") { $0 += shown($1).text }
  }

  /// How a character is shown, and how many columns that takes.
  static func shown(_ scalar: Unicode.Scalar) -> (text: String, columns: Int) {
    switch scalar.value {
    case 0x20...0x7E: return (String(scalar), 1)
    case 0x09: return ("    ", 4)
    case 0x00...0x1F: return (Unicode.Scalar(0x2400 + scalar.value).map { String($0) } ?? "?", 1)
    case 0x7F: return ("\u{2421}", 1)
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return (String(scalar), 0)
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
      let text = "<U+" + String(scalar.value, radix: 16, uppercase: true) + ">"
      return (text, text.count)
    default: return (String(scalar), isWide(scalar.value) ? 2 : 1)
    }
  }

  /// Whether terminals give the character two columns: East Asian wide and full-width characters, and emoji.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
      0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

/// The colours of a report.
struct TerminalColors {
  let areOn: Bool

  /// What a stretch of text is.
  enum Role {
    case place, label, margin
    case level(Finding.Level)
  }

  func paint(_ text: String, as role: Role) -> String {
    guard areOn else { return text }
    let code =
      switch role {
      case .place: "1"
      case .label: "36"
      case .margin: "2"
      case .level(.error): "1;31"
      case .level(.warning): "1;33"
      case .level(.information): "1;34"
      }
    return "\u{1B}[\(code)m\(text)\u{1B}[0m"
  }
}
