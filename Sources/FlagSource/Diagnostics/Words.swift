extension Sequence<String> {
  /// The names in backticks with commas and a final "or", for the help of findings; at most twelve.
  package var alternatives: String {
    let names = Array(self)
    guard names.count <= 12 else {
      return names.prefix(12).map { "`\($0)`" }.joined(separator: ", ") + " … (\(names.count) in all)"
    }
    return names.isEmpty ? "nothing" : names.map { "`\($0)`" }.joinedByOr
  }
}

extension [String] {
  /// `a`, `a or b`, `a, b or c`; nothing when there are none.
  package var joinedByOr: String { joined(by: "or") }

  /// `a`, `a and b`, `a, b and c`; nothing when there are none.
  package var joinedByAnd: String { joined(by: "and") }

  private func joined(by word: String) -> String {
    guard let last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " \(word) " + last
  }
}

extension String {
  /// The text in backticks as a finding quotes it: on one line and not longer than 60 characters.
  package var quoted: String {
    let scalars = unicodeScalars.prefix(61)
    var text = ""
    for scalar in scalars.prefix(60) {
      text.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? "\u{FFFD}" : scalar)
    }
    return "`\(text)\(scalars.count > 60 ? "…" : "")`"
  }
}
