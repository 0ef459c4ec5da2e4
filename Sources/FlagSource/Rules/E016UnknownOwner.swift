extension Rule {
  static let unknownOwner = Rule(
    code: "E016", name: "unknown-owner", level: .error,
    summary: "An owner that a flag or a policy names is not in the manifest.",
    explanation: """
      `owners` in `ensign.yaml` says who answers for flags and how to reach them. An owner that is not there cannot be \
      asked when the flag misbehaves or expires. Correct the name, or add the owner.
      """,
    badExample: Example(
      "definitions/new-cart.yaml",
      """
      description: The cart on one page.
      type: boolean
      off: off
      owner: payment
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
    check: .definition { definition, facts, findings in
      guard let owner = definition.owner, facts.tree.manifest.owners[owner.value] == nil, !facts.tree.broken.owners
      else { return }
      findings.add(.unknownOwner(owner, definition, facts))
    })
}

extension Finding {
  static func unknownOwner(_ name: String, among owners: [String], at place: Place) -> Finding {
    let nearest = NearestName.find(name, among: owners)
    return Finding(
      "E016", level: .error, message: "there is no owner \(name.quoted)",
      help: nearest.map { "did you mean `\($0)`?" } ?? "add it to `owners`, with its `members`", file: place.file,
      range: place.range)
  }

  fileprivate static func unknownOwner(
    _ owner: Located<String>, _ definition: Definition, _ facts: TreeFacts
  ) -> Finding {
    Site(file: definition.file, flag: definition.key).finding(
      .unknownOwner, "there is no owner \(owner.value.quoted)",
      suggestion: Suggestion(for: owner, orElse: "add it to `owners` in `ensign.yaml`") { facts.ownerNames })
  }
}
