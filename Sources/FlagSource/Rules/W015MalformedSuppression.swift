internal import YAML

extension Rule {
  static let malformedSuppression = Rule(
    code: "W015", name: "malformed-suppression", level: .warning,
    summary: "A comment that begins with `ensign:` is not understood.",
    explanation: """
      Comments to Ensign are of the form `# ensign: allow W009 reason`, with the code or the name of a rule, or several \
      with commas between them. This one has no effect.
      """,
    badExample: Example(
      "segments/staff.yaml",
      """
      description: Our own people.   # ensign: ignore W003 used from July on
      when:
        email: {endsWith: "@acme.example"}

      """),
    goodExample: Example(
      "segments/staff.yaml",
      """
      description: Our own people.
      when:
        email: {endsWith: "@acme.example"}

      """))
}

extension Finding {
  static func malformedSuppression(_ suppression: Suppression, _ site: Site) -> Finding {
    site.finding(
      .malformedSuppression, "the comment is not understood",
      help: "write `# ensign: allow` with the code of a rule and the reason", at: suppression.range)
  }
}
