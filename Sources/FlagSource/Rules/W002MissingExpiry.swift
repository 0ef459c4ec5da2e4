extension Rule {
  static let missingExpiry = Rule(
    code: "W002", name: "missing-expiry", level: .warning,
    summary: "A release or experiment flag does not say when it should be gone.",
    explanation: """
      Flags of these kinds are meant to go: the release ends, the experiment has a result. A day in `expires` makes \
      sure that somebody is reminded. Flags that stay are of the kinds `operational` and `permission`.
      """,
    badExample: Example(
      "definitions/new-cart.yaml",
      """
      description: The cart on one page.
      type: boolean
      off: off
      owner: payments
      kind: release

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
    check: .definition { definition, _, findings in
      guard let kind = definition.kind, definition.expires == nil, !definition.isArchived else { return }
      guard kind.value == .release || kind.value == .experiment else { return }
      findings.add(.missingExpiry(kind, definition))
    })
}

extension Finding {
  fileprivate static func missingExpiry(_ kind: Located<FlagKind>, _ definition: Definition) -> Finding {
    Site(file: definition.file, flag: definition.key).finding(
      .missingExpiry, "\(kind.value.rawValue) flag \(definition.key.quoted) has no `expires`",
      help: "say on which day it should be gone: `expires: YYYY-MM-DD`", at: kind.range)
  }
}
