extension Rule {
  static let missingDescription = Rule(
    code: "I001", name: "missing-description", level: .information,
    summary: "A flag or a segment has no description.",
    explanation: """
      One sentence saves whoever meets the flag in a review, or at night, from guessing what it switches.
      """,
    badExample: Example(
      "definitions/new-cart.yaml",
      """
      type: boolean
      off: off
      owner: payments
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
    check: .tree { facts, _, findings in
      facts.tree.forEachDefinition { definition in
        guard definition.description == nil, !definition.isArchived else { return }
        let site = Site(file: definition.file, flag: definition.key)
        findings.add(.missingDescription("flag \(definition.key.quoted)", site))
      }
      for segment in facts.tree.segments where segment.description == nil {
        findings.add(.missingDescription("segment \(segment.key.quoted)", Site(file: segment.file)))
      }
    })
}

extension Finding {
  fileprivate static func missingDescription(_ subject: String, _ site: Site) -> Finding {
    site.finding(
      .missingDescription, "\(subject) has no description", help: "say in a sentence what it is: `description: …`",
      at: .wholeFile)
  }
}
