extension Rule {
  static let configWithoutDefinition = Rule(
    code: "E018", name: "config-without-definition", level: .error,
    summary: "An environment has a config for a flag that is not defined.",
    explanation: """
      The name of a config's file is the flag's key, and `definitions/` must have a file of that name, in whatever \
      folder. Without it nobody knows the flag's type and variants. Rename the file, or define the flag.
      """,
    badExample: Example("environments/staging/payments/new-kart.yaml", "enabled: true\notherwise: on\n"),
    goodExample: Example([
      ("environments/staging/payments/new-cart.yaml", "enabled: true\notherwise: on\n"),
      ("environments/staging/new-cart.yaml", ""),
    ]),
    check: .config { config, definition, facts, findings in
      guard definition == nil, !facts.tree.broken.definitions.contains(config.flag) else { return }
      findings.add(.configWithoutDefinition(config, facts))
    })
}

extension Finding {
  fileprivate static func configWithoutDefinition(_ config: EnvironmentConfig, _ facts: TreeFacts) -> Finding {
    let suggestion = Suggestion(
      for: Located(config.flag, at: .wholeFile),
      orElse: "write `definitions/\(config.flag).yaml`, or remove this file", offersFix: false
    ) { facts.flagKeys }
    return Site(file: config.file, flag: config.flag, environment: config.environment).finding(
      .configWithoutDefinition, "flag \(config.flag.quoted) is not defined", suggestion: suggestion)
  }
}
