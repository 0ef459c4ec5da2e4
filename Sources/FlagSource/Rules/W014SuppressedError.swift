extension Rule {
  static let suppressedError = Rule(
    code: "W014", name: "suppressed-error", level: .warning,
    summary: "A comment tries to take back an error.",
    explanation: """
      Errors are what makes a tree mean nothing, or something else than it seems to; they cannot be taken back. Correct \
      what the error is about, and remove the comment.
      """,
    badExample: Example(
      "segments/staff.yaml",
      """
      description: Our own people.   # ensign: allow E014 the segment comes next week
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
  static func suppressedError(_ rule: Located<String>, _ site: Site) -> Finding {
    site.finding(
      .suppressedError, "\(rule.value.quoted) is an error, and errors cannot be taken back",
      help: "correct the mistake, and remove the comment", at: rule.range)
  }
}
