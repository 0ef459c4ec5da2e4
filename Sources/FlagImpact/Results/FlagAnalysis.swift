package import Ensign

/// What is true of one version of a flag in one environment, for any context at any moment.
package struct FlagAnalysis: Sendable {
  /// The flag's key.
  package var key: String
  /// The rules, in order.
  package var rules: [RuleAnalysis]
  /// The one variant that every context gets at any moment; nil when there are several, and when that is undecided.
  package var onlyVariant: String?
  /// Whether everything was decided; otherwise ``limitations`` says what was not.
  package var isComplete: Bool
  /// What the analysis could not settle, a sentence each.
  package var limitations: [String]
  /// Contexts for which the evaluator gave something else than the analysis, a sentence each.
  package var disagreements: [String]
}

/// What is true of a rule.
package struct RuleAnalysis: Sendable {
  /// Whether the rule ever decides.
  package enum Reachability: Sendable {
    /// It decides for this context, re-run through the evaluator; without a witness when the contexts were found to be
    /// rare (a few buckets), but exist.
    case reachable(Witness?)
    /// Proven: it decides for nobody.
    case unreachable(Obstacle)
    /// Neither was proven: the budget ran out, or a regular expression is in the way.
    case undecided
  }

  /// Why a rule decides for nobody.
  package enum Obstacle: Hashable, Sendable {
    /// Its own condition holds for no context.
    case contradiction
    /// Its share or its serve hashes what its condition rules out, or its share is 0 %.
    case nobodyInShare
    /// Earlier parts decide for all whom its condition holds for: rules, targets, or that the flag is never enabled or its
    /// prerequisites never hold. The fewest found, in order.
    case decidedEarlier([Evaluation.Place])
  }

  /// Whether the flag would be another one without the rule.
  package enum Effect: Sendable {
    /// This context would get another variant.
    case changes(Witness?)
    /// Proven: without the rule every context gets the same variant, then decided by one of these, in order. Said of
    /// reachable rules only.
    case redundant(instead: [Evaluation.Place])
    /// Neither was proven.
    case undecided
  }

  /// A part of a rule's condition that could go.
  package struct RedundantCondition: Hashable, Sendable {
    /// Where it stands in the compiled condition: at each level the index among the members of `all` or `any`; `not`
    /// counts as a level with index 0.
    package var path: [Int]
    /// The part's own compiled condition: canonical JSON.
    package var condition: JSONValue
    /// Whether it stands in an `all`, where it always holds when the rule would decide; otherwise in an `any`, where it
    /// adds nobody.
    package var isConjunct: Bool
  }

  /// The rule's name.
  package var name: String
  /// Whether it ever decides.
  package var reachability: Reachability
  /// Whether it makes a difference; nil for a rule that is not reachable, or where that is undecided.
  package var effect: Effect?
  /// Parts of the condition that could go one at a time, every one without changing which contexts the flag gives what; a
  /// reachable rule's only.
  package var redundantConditions: [RedundantCondition]
}
