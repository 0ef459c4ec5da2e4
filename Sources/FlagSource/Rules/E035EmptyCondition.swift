extension Rule {
  static let emptyCondition = Rule(
    code: "E035", name: "empty-condition", level: .error,
    summary: "A condition or a test asks nothing.",
    explanation: """
      Whether an empty condition should match everyone or nobody is a guess that nobody should have to make. A rule \
      without `when` matches everyone; to match nobody, remove the rule.
      """,
    badExample: Example("segments/staff.yaml", "when: {}\n"),
    goodExample: Example("segments/staff.yaml", "when:\n  email: {endsWith: \"@acme.example\"}\n"))
}

extension Finding {
  static func emptyCondition(_ subject: String, help: String, at place: Place) -> Finding {
    Finding(
      "E035", level: .error, message: "\(subject) is empty", help: help, file: place.file, range: place.range)
  }
}
