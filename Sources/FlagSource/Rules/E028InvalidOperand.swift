internal import YAML

extension Rule {
  static let invalidOperand = Rule(
    code: "E028", name: "invalid-operand", level: .error,
    summary: "A value that an attribute is compared with is not of the attribute's type.",
    explanation: """
      Equality has no conversions: a number is never equal to a text. The attribute's type is declared in `ensign.yaml`. \
      Write a value of that type, without quotes for numbers and Booleans.
      """,
    badExample: Example("segments/staff.yaml", "when:\n  age: {atLeast: eighteen}\n"),
    goodExample: Example("segments/staff.yaml", "when:\n  age: {atLeast: 18}\n"))
}

extension Finding {
  static func invalidOperand(
    _ node: Document.Node, attribute: String, type: AttributeType, at place: Place
  ) -> Finding {
    let (expected, example) = type.valueInWords
    return Finding(
      "E028", level: .error,
      message: "\(attribute.quoted) is of type `\(type.rawValue)` and cannot be compared with \(node.kindInWords)",
      help: "write \(expected), such as `\(example)`", file: place.file, range: place.range)
  }

  static func invalidOperand(
    _ node: Document.Node, of subject: String, expected: String, at place: Place
  ) -> Finding {
    Finding(
      "E028", level: .error, message: "\(subject) cannot be \(node.kindInWords)", help: "write \(expected)",
      file: place.file, range: place.range)
  }
}

extension AttributeType {
  /// What a value of the type is, and an example.
  var valueInWords: (expected: String, example: String) {
    switch self {
    case .string, .list: ("a text", "premium")
    case .integer: ("a number without a fraction and without quotes", "18")
    case .number: ("a number without quotes", "99.5")
    case .boolean: ("`true` or `false` without quotes", "true")
    case .version: ("a version", "2.1.0")
    case .timestamp: ("an instant", "2026-12-01T09:00:00Z")
    case .ip: ("an address", "192.0.2.7")
    }
  }
}
