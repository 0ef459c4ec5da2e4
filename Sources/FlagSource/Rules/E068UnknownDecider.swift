extension Rule {
  static let unknownDecider = Rule(
    code: "E068", name: "unknown-decider", level: .error,
    summary: "A test's `because` names a rule that the config does not have.",
    explanation: """
      `because` names the rule that must have decided: one of the flag's config in every environment of the test, or \
      `targets`, `otherwise`, `disabled` or `requires`. A test of a rule that is not there can never pass. Correct the \
      name, or remove the test together with the rule.
      """,
    badExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: production
        given: {targetingKey: user-1, email: ada@acme.example}
        expect: on
        because: staf

      """),
    goodExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: production
        given: {targetingKey: user-1, email: ada@acme.example}
        expect: on
        because: staff

      """),
    check: .test { test, definition, facts, findings in
      guard let because = test.because, case .rule(let name) = because.value, definition != nil else { return }
      for environment in test.environments.map(\.value) where facts.hasEnvironment(environment) {
        let config = facts.configs.config(of: test.flag.value, in: environment)
        if let config, facts.hasRule(name, in: config) { continue }
        if facts.tree.broken.configs[environment]?.contains(test.flag.value) == true { continue }
        findings.add(.unknownDecider(Located(name, at: because.range), test, environment, config))
      }
    })
}

extension Finding {
  fileprivate static func unknownDecider(
    _ name: Located<String>, _ test: FlagTest, _ environment: String, _ config: ConfigOutline?
  ) -> Finding {
    let suggestion = Suggestion(for: name) {
      (config?.rules ?? []) + ["targets", "otherwise", "disabled", "requires"]
    }
    return Site(file: test.file, flag: test.flag.value, environment: environment).finding(
      .unknownDecider,
      "flag \(test.flag.value.quoted) has no rule \(name.value.quoted) in environment \(environment.quoted)",
      suggestion: suggestion, notes: config.map { [Note("the flag's config", file: $0.file, range: .wholeFile)] } ?? [])
  }
}
