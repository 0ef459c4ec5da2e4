extension Rule {
  static let invalidVersion = Rule(
    code: "E037", name: "invalid-version", level: .error,
    summary: "A version is not SemVer 2.0.",
    explanation: """
      Versions are compared by the rules of SemVer 2.0, which knows exactly three numbers: `2.1.0`, `2.1.0-beta.1`. \
      Write the missing numbers out.
      """,
    badExample: Example("segments/staff.yaml", "when:\n  appVersion: {atLeast: 2.1}\n"),
    goodExample: Example("segments/staff.yaml", "when:\n  appVersion: {atLeast: 2.1.0}\n"))
}

extension Finding {
  static func invalidVersion(_ text: String, _ reason: String, at place: Place) -> Finding {
    Finding(
      "E037", level: .error, message: "\(text.quoted) is no version: \(reason)",
      help: "write three numbers as SemVer 2.0 has them, such as `2.1.0` or `2.1.0-beta.1`", file: place.file,
      range: place.range)
  }
}
