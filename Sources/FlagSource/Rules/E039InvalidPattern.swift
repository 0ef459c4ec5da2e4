extension Rule {
  static let invalidPattern = Rule(
    code: "E039", name: "invalid-pattern", level: .error,
    summary: "A regular expression is not RE2 syntax.",
    explanation: """
      RE2 matches in time linear in the text, whatever the pattern; back references and look-around, which cannot be had \
      at that price, do not exist in it. Often several tests, or `not`, say the same.
      """,
    badExample: Example("segments/staff.yaml", "when:\n  email: {matches: \"^(?!test)\"}\n"),
    goodExample: Example("segments/staff.yaml", "when:\n  not:\n    email: {startsWith: test}\n"))
}

extension Finding {
  static func invalidPattern(_ text: String, _ reason: String, at place: Place) -> Finding {
    Finding(
      "E039", level: .error, message: "\(text.quoted) is no regular expression of RE2: \(reason)",
      help: "see https://github.com/google/re2/wiki/Syntax; back references and look-around do not exist there",
      file: place.file, range: place.range)
  }
}
