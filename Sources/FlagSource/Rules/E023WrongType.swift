internal import YAML

extension Rule {
  static let wrongType = Rule(
    code: "E023", name: "wrong-type", level: .error,
    summary: "A value is of another kind than its place asks for.",
    explanation: """
      A list stands where a text should be, a text where a mapping should be, or nothing at all. The finding says what \
      is expected; `ensign schema` has the same for editors.
      """,
    badExample: Example("segments/staff.yaml", "include: user-1\n"),
    goodExample: Example("segments/staff.yaml", "include: [user-1]\n"))
}

extension Finding {
  static func wrongType(_ wanted: Wanted, found node: Document.Node, at place: Place) -> Finding {
    Finding(
      "E023", level: .error, message: "\(wanted.subject) is \(node.kindInWords), not \(wanted.expected)",
      help: wanted.example.map { "write \(wanted.expected), such as `\($0)`" } ?? "write \(wanted.expected)",
      file: place.file, range: place.range)
  }
}

extension Document.Node {
  /// What stands here, for messages: "a list", "the number 3", "empty".
  var kindInWords: String {
    switch kind {
    case .mapping: return count == 0 ? "an empty mapping" : "a mapping"
    case .sequence: return count == 0 ? "an empty list" : "a list"
    case .scalar: break
    }
    guard !isEmptyPlace else { return "empty" }
    switch value {
    case .null: return "null"
    case .bool(let value): return "\(value)"
    case .integer, .number: return "the number \(text)"
    case .string: return text.isEmpty ? "an empty text" : "the text \(text.quoted)"
    }
  }
}
