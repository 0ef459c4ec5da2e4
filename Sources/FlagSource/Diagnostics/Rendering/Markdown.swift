/// Text for Markdown as GitHub and GitLab show it: what comes from files is shown and never obeyed.
package enum Markdown {
  /// More bytes than this are not written: GitHub takes 65,536 characters for a comment.
  package static let greatestSize = 60_000

  /// A text as it stands, on one line.
  package static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      // A name behind it would be told.
      case "@": result += "&#64;"
      case "\n", "\r", "\t": result += " "
      case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "|", "~": result += "\\\(scalar)"
      default: result += TerminalText.shown(scalar).text
      }
    }
  }

  /// A text as code, on one line.
  package static func code(_ text: String) -> String {
    let shown = TerminalText.visible(text)
    // A fence is longer than any run of backticks inside, and stands apart from one at an end.
    var (longest, current) = (0, 0)
    for byte in shown.utf8 {
      current = byte == UInt8(ascii: "`") ? current + 1 : 0
      longest = max(longest, current)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let gap = shown.hasPrefix("`") || shown.hasSuffix("`") ? " " : ""
    return fence + gap + shown + gap + fence
  }

  /// The words of a finding, in which names stand in backticks.
  package static func words(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count > 1, !parts.count.isMultiple(of: 2) else { return escaped(text) }
    return parts.enumerated().map { index, part in
      index.isMultiple(of: 2) ? escaped(String(part)) : part.isEmpty ? "" : code(String(part))
    }.joined()
  }
}
