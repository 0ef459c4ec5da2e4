extension Rule {
  static let expiredFlag = Rule(
    code: "W001", name: "expired-flag", level: .warning,
    summary: "A flag is past the day on which it should be gone.",
    explanation: """
      Release and experiment flags have done their work some day; what stays is code that nobody dares to touch. \
      Remove the flag from the code and archive it, or give it a later day and say why in the commit.
      """,
    badExample: Example(
      "definitions/new-cart.yaml",
      """
      description: The cart on one page.
      type: boolean
      off: off
      owner: payments
      kind: release
      expires: 2020-03-01

      """),
    goodExample: Example(
      "definitions/new-cart.yaml",
      """
      description: The cart on one page.
      type: boolean
      off: off
      owner: payments
      kind: release
      expires: 2099-03-01

      """),
    check: .definition { definition, facts, findings in
      guard let expires = definition.expires, expires.value <= facts.today, !definition.isArchived else { return }
      findings.add(.expiredFlag(expires, definition))
    })
}

extension Finding {
  fileprivate static func expiredFlag(_ expires: Located<CalendarDate>, _ definition: Definition) -> Finding {
    Site(file: definition.file, flag: definition.key).finding(
      .expiredFlag, "flag \(definition.key.quoted) expired on \(expires.value.text)",
      help: "remove it from the code and write `archived: true`, or give it a later day", at: expires.range)
  }
}
