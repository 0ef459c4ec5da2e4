internal import Ensign
internal import FlagImpact
internal import FlagSource
internal import YAML

/// What the analysis of a flag says to those who wrote it: the findings of the rules of the stage
/// ``Rule/Stage/analysis``.
package enum AnalysisFindings {
  /// How long a flag is constant before that is worth a finding, in days.
  package static let constantDays = 30

  /// The findings about one flag in one environment, in the order of its rules.
  ///
  /// - Parameters:
  ///   - analysis: of the flag as if it were enabled: the rules of one that is switched off are checked, too.
  static func findings(of analysis: FlagAnalysis, in config: EnvironmentConfig) -> [Finding] {
    var findings: [Finding] = []
    for (rule, result) in zip(config.rules, analysis.rules) {
      switch result.reachability {
      case .unreachable(let obstacle):
        if let reason = reason(obstacle, of: rule, in: config) {
          findings.append(.unreachableRule(rule, config, because: reason))
        }
      case .reachable:
        if case .redundant(let places)? = result.effect {
          findings.append(.ineffectiveRule(rule, config, instead: places.map(\.name.quoted)))
        } else {
          findings += redundancies(of: result, in: rule, config)
        }
      case .undecided: break
      }
    }
    return findings
  }

  /// The finding about a flag that gives everyone the same; nil when there is none.
  ///
  /// - Parameters:
  ///   - variant: what everyone gets, always.
  ///   - days: for how many days nobody has changed the config.
  static func constant(
    _ config: EnvironmentConfig, of definition: Definition, variant: String, days: Int
  ) -> Finding? {
    // Switches and permissions are there to be constant, for years.
    guard days >= constantDays, definition.kind?.value == .release || definition.kind?.value == .experiment else {
      return nil
    }
    return .constantFlag(config, variant: variant, days: days)
  }

  // MARK: Rules

  /// Why a rule decides for nobody; nil where somebody wanted that.
  private static func reason(
    _ obstacle: RuleAnalysis.Obstacle, of rule: EnvironmentConfig.Rule, in config: EnvironmentConfig
  ) -> Finding.UnreachableRuleReason? {
    switch obstacle {
    case .contradiction: return .contradiction
    case .nobodyInShare:
      // A rule at 0 % waits for its rollout.
      return rule.share?.percentage.value.buckets == 0 ? nil : .nobodyHashed
    case .decidedEarlier(let places):
      let rules = places.compactMap { place in config.rules.first { place == .rule($0.name.value) } }
      let byTargets = places.contains(.targets)
      // A flag that is never on, or whose prerequisites never hold, says nothing about the rule.
      guard byTargets || !rules.isEmpty, !places.contains(.disabled), !places.contains(.requires) else { return nil }
      return .decidedEarlier(byTargets: byTargets, byRules: rules)
    }
  }

  // MARK: Conditions

  private static func redundancies(
    of result: RuleAnalysis, in rule: EnvironmentConfig.Rule, _ config: EnvironmentConfig
  ) -> [Finding] {
    guard let when = rule.when else { return [] }
    return result.redundantConditions.map { redundant in
      let json = redundant.condition.canonicalBytes
      let place = WrittenCondition.place(of: json, in: when)
      let words = place == nil ? "`\(String(decoding: json, as: UTF8.self))`" : nil
      return .redundantCondition(at: place ?? when.range, words, isConjunct: redundant.isConjunct, in: rule, config)
    }
  }
}
