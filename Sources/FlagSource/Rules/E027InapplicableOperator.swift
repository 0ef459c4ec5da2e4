extension Rule {
  static let inapplicableOperator = Rule(
    code: "E027", name: "inapplicable-operator", level: .error,
    summary: "An operator does not go with the attribute's type.",
    explanation: """
      A test of the wrong type is false for every context, so the rule would never match. The attribute's type is \
      declared in `ensign.yaml`; the finding lists the operators that go with it.
      """,
    badExample: Example("segments/staff.yaml", "when:\n  groups: {startsWith: staff}\n"),
    goodExample: Example("segments/staff.yaml", "when:\n  groups: {includes: staff}\n"))
}

extension Finding {
  static func inapplicableOperator(
    _ word: String?, attribute: String, type: AttributeType, allowed: [String], at place: Place
  ) -> Finding {
    let subject = word.map { "the operator `\($0)`" } ?? "a test for equality"
    return Finding(
      "E027", level: .error,
      message: "\(subject) does not go with \(attribute.quoted), which is of type `\(type.rawValue)`",
      help: "the operators of this type are \(allowed.alternatives)", file: place.file, range: place.range)
  }
}
