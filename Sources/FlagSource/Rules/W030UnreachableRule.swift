extension Rule {
  static let unreachable = Rule(
    code: "W030", name: "unreachable-rule", level: .warning,
    summary: "A rule decides for nobody.",
    explanation: """
      The first rule that matches decides. When the rules before it decide for everyone that a rule is about, or its \
      tests exclude each other, nobody ever gets what it serves, and whoever wrote it believes otherwise. Move it to the \
      front, correct its condition, or remove it. This is decided exactly, for all contexts; a rule is never called \
      unreachable because the analysis gave up.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: europe
          when: {country: [DE, FR]}
          serve: on
        - name: german-staff
          when: {country: DE, segment: staff}
          serve: off
      otherwise: off

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: german-staff
          when: {country: DE, segment: staff}
          serve: off
        - name: europe
          when: {country: [DE, FR]}
          serve: on
      otherwise: off

      """), stage: .analysis)
}

extension Finding {
  /// Why a rule decides for nobody.
  package enum UnreachableRuleReason: Sendable {
    /// Its own condition holds for nobody.
    case contradiction
    /// Whoever it holds for lacks what its share or its serve hashes.
    case nobodyHashed
    /// Others decide before it, in order.
    case decidedEarlier(byTargets: Bool, byRules: [EnvironmentConfig.Rule])
  }

  /// A rule that decides for nobody.
  package static func unreachableRule(
    _ rule: EnvironmentConfig.Rule, _ config: EnvironmentConfig, because reason: UnreachableRuleReason
  ) -> Finding {
    let name = rule.name.value.quoted
    let (message, help): (String, String)
    var notes: [Note] = []
    switch reason {
    case .contradiction:
      message = "rule \(name) decides for nobody: its condition never holds"
      help = "correct the tests that exclude each other, or remove the rule"
    case .nobodyHashed:
      message = "rule \(name) decides for nobody: whoever it is about lacks the attribute that it hashes"
      help = "hash another attribute with `by`, correct the condition, or remove the rule"
    case .decidedEarlier(let byTargets, let rules):
      let deciders = (byTargets ? ["`targets`"] : []) + rules.map(\.name.value.quoted)
      message =
        "rule \(name) decides for nobody: \(deciders.joinedByAnd) \(deciders.count == 1 ? "decides" : "decide") "
        + "before it for everyone it is about"
      help = "move it before them, correct its condition, or remove it"
      notes = rules.map { Note("decides before it", file: config.file, range: $0.name.range) }
    }
    return Site(file: config.file, flag: config.flag, environment: config.environment).finding(
      .unreachable, message, help: help, at: rule.name.range, notes: notes,
      // What remains of a list of this rule alone would not be a list.
      fix: config.rules.count > 1 ? .remove("rule", at: rule.range) : nil)
  }
}
