extension Rule {
  static let unusedSuppression = Rule(
    code: "W011", name: "unused-suppression", level: .warning,
    summary: "A comment takes back a finding that is not there.",
    explanation: """
      A comment of the form `# ensign: allow W009 reason` holds for its own line, or, alone on its line, for the next; \
      above all else in a file it also holds for findings about the whole file. This one takes nothing back: the \
      finding is gone, or the comment is in the wrong place. Remove or move it.
      """,
    badExample: Example(
      "segments/staff.yaml",
      """
      description: Our own people.   # ensign: allow W003 used from July on
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
  static func unusedSuppression(_ rule: Located<String>, _ site: Site) -> Finding {
    site.finding(
      .unusedSuppression, "there is no finding of \(rule.value.quoted) to take back", help: "remove the comment",
      at: rule.range)
  }
}
