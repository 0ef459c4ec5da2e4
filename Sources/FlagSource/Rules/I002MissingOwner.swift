extension Rule {
  static let missingOwner = Rule(
    code: "I002", name: "missing-owner", level: .information,
    summary: "A flag has no owner.",
    explanation: """
      A flag without an owner is asked about by everybody and removed by nobody. Name one of the manifest's `owners`.
      """,
    badExample: Example(
      "definitions/new-cart.yaml",
      """
      description: The cart on one page.
      type: boolean
      off: off
      kind: release
      expires: 2099-03-01

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
      guard definition.owner == nil, !definition.isArchived else { return }
      findings.add(.missingOwner(definition))
    })
}

extension Finding {
  fileprivate static func missingOwner(_ definition: Definition) -> Finding {
    Site(file: definition.file, flag: definition.key).finding(
      .missingOwner, "flag \(definition.key.quoted) has no owner", help: "say who answers for it: `owner: …`",
      at: .wholeFile)
  }
}
