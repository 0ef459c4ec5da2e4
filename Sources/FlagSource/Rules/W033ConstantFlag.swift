extension Rule {
  static let constantFlag = Rule(
    code: "W033", name: "constant-flag", level: .warning,
    summary: "A release or experiment flag has given everyone the same for a month.",
    explanation: """
      The rollout is over, or never began: in the last environment of the manifest every context gets the same variant, \
      and nobody has changed that for 30 days. Replace the flag by its value in the code and archive it, or go on with the rollout. That a flag \
      is constant is proven, for all contexts and all of the time to come; since when comes from the repository, so that a tree \
      without one has no such finding.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: everyone
          serve: on
      otherwise: off

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: half
          share: 50
          serve: on
      otherwise: off

      """), stage: .analysis)
}

extension Finding {
  /// A flag that gives everyone the same.
  ///
  /// - Parameters:
  ///   - variant: what everyone gets.
  ///   - days: for how many days, at least.
  package static func constantFlag(_ config: EnvironmentConfig, variant: String, days: Int) -> Finding {
    Site(file: config.file, flag: config.flag, environment: config.environment).finding(
      .constantFlag,
      "flag \(config.flag.quoted) gives everyone \(variant.quoted), and nobody has changed that for \(days) days",
      help: "write its value into the code and archive it, or go on with the rollout", at: config.enabled.range)
  }
}
