package import YAML

extension Rule {
  static let redundantCondition = Rule(
    code: "W032", name: "redundant-condition", level: .warning,
    summary: "A part of a rule's condition changes nothing.",
    explanation: """
      Without that part the flag gives every context the same: it always holds where the rest of the condition does, or \
      what it adds to an `any` is there already, or other rules decide for whom it excludes. Whoever reads the rule will \
      think that it matters. Remove it, or correct it. This is decided exactly, for all contexts.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: new-apps
          when:
            all:
              - appVersion: {atLeast: 2.0.0}
              - appVersion: {atLeast: 2.3.0}
          serve: on
      otherwise: off

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: new-apps
          when: {appVersion: {atLeast: 2.3.0}}
          serve: on
      otherwise: off

      """), stage: .analysis)
}

extension Finding {
  /// A part of a condition that makes no difference.
  ///
  /// - Parameters:
  ///   - range: where the part stands, or, where that is not plain, the whole condition.
  ///   - words: the part in words; nil where `range` is it.
  ///   - isConjunct: whether all of its neighbours have to hold with it, or any of them is enough.
  package static func redundantCondition(
    at range: SourceRange, _ words: String?, isConjunct: Bool, in rule: EnvironmentConfig.Rule,
    _ config: EnvironmentConfig
  ) -> Finding {
    Site(file: config.file, flag: config.flag, environment: config.environment).finding(
      .redundantCondition,
      "\(words.map { "the condition \($0)" } ?? "this condition") of rule \(rule.name.value.quoted) changes nothing: "
        + (isConjunct
          ? "whoever else the rule would decide for gets the same" : "it adds nobody who would not get the same"),
      help: "remove it, or correct it", at: range)
  }
}
