extension Rule {
  static let unknownFlag = Rule(
    code: "E013", name: "unknown-flag", level: .error,
    summary: "A prerequisite or a test names a flag that is not defined.",
    explanation: """
      A flag exists when `definitions/` has a file of its key, in whatever folder. A prerequisite on a flag that does \
      not exist could never hold, and a test of one could never pass. Correct the key, or define the flag.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml", "enabled: true\nrequires: {new-kart: on}\notherwise: on\n"),
    goodExample: Example([
      ("environments/staging/new-cart.yaml", "enabled: true\nrequires: {payments-api: on}\notherwise: on\n"),
      ("definitions/payments-api.yaml", "description: The payments API.\ntype: boolean\noff: off\nowner: payments\n"),
      ("environments/staging/payments-api.yaml", "enabled: true\notherwise: on\n"),
      ("tests/payments-api.yaml", "- flag: payments-api\n  environment: staging\n  given: {}\n  expect: on\n"),
    ]),
    check: .flagName { flag, site, facts, findings in
      guard facts.tree.definitionIndex[flag.value] == nil, !facts.tree.broken.definitions.contains(flag.value)
      else { return }
      findings.add(.unknownFlag(flag, site, facts))
    })
}

extension Finding {
  fileprivate static func unknownFlag(_ flag: Located<String>, _ site: Site, _ facts: TreeFacts) -> Finding {
    site.finding(
      .unknownFlag, "there is no flag \(flag.value.quoted)", suggestion: Suggestion(for: flag) { facts.flagKeys })
  }
}
