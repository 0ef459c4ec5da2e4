internal import YAML

extension Rule {
  static let impossibleDecider = Rule(
    code: "W021", name: "impossible-decider", level: .warning,
    summary: "A test's `because` names a part that the config does not have.",
    explanation: """
      `targets`, `requires` and `disabled` can decide only where the flag's config has targets, has prerequisites, or \
      is not always enabled. Such a test can never pass. Correct `because`, or the config.
      """,
    badExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: production
        given: {targetingKey: user-1, email: ada@acme.example}
        expect: on
        because: targets

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
    check: .test { test, _, facts, findings in
      guard let because = test.because else { return }
      for environment in test.environments {
        guard let config = facts.configs.config(of: test.flag.value, in: environment.value) else { continue }
        guard let problem = config.reasonNotToDecide(because.value) else { continue }
        findings.add(.impossibleDecider(at: because.range, problem, config, test))
      }
    })
}

extension ConfigOutline {
  /// Why that part can never decide; nil when it can, or when it is a rule.
  fileprivate func reasonNotToDecide(_ decider: FlagTest.Decider) -> String? {
    switch decider {
    case .targets where !hasTargets: "has no targets"
    case .requires where requires.isEmpty: "requires no other flag"
    case .disabled where isAlwaysEnabled: "is always enabled"
    default: nil
    }
  }
}

extension Finding {
  fileprivate static func impossibleDecider(
    at range: SourceRange, _ problem: String, _ config: ConfigOutline, _ test: FlagTest
  ) -> Finding {
    Site(file: test.file, flag: test.flag.value, environment: config.environment).finding(
      .impossibleDecider,
      "flag \(test.flag.value.quoted) \(problem) in environment \(config.environment.quoted)",
      help: "name what decides instead, or leave `because` out", at: range,
      notes: [Note("the flag's config", file: config.file, range: .wholeFile)])
  }
}
