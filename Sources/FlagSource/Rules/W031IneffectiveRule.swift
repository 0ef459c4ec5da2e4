extension Rule {
  static let ineffective = Rule(
    code: "W031", name: "ineffective-rule", level: .warning,
    summary: "A rule serves what would be served anyway.",
    explanation: """
      Without the rule, everyone for whom it decides gets the same variant from a later rule or from `otherwise`. Such a \
      rule is often left over from a finished rollout, or was meant to serve something else. Remove it, or correct what it \
      serves. This is decided exactly, for all contexts.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: staff
          when: {segment: staff}
          serve: on
        - name: germany
          when: {country: DE}
          serve: on
      otherwise: on

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: staff
          when: {segment: staff}
          serve: on
        - name: germany
          when: {country: DE}
          serve: off
      otherwise: on

      """), stage: .analysis)
}

extension Finding {
  /// A rule that makes no difference.
  ///
  /// - Parameter deciders: what would decide instead, in words.
  package static func ineffectiveRule(
    _ rule: EnvironmentConfig.Rule, _ config: EnvironmentConfig, instead deciders: [String]
  ) -> Finding {
    Site(file: config.file, flag: config.flag, environment: config.environment).finding(
      .ineffective,
      "rule \(rule.name.value.quoted) changes nothing: without it \(deciders.joinedByAnd) "
        + "\(deciders.count == 1 ? "serves" : "serve") everyone the same",
      help: "remove it, or correct what it serves", at: rule.name.range)
  }
}
