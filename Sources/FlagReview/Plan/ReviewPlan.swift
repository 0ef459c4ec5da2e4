package import FlagHistory
package import FlagImpact

/// What a change does, environment by environment: what a reviewer reads first.
package struct ReviewPlan: Sendable {
  /// The environments that both sides have, in the order of the manifest.
  package var environments: [EnvironmentPlan]
  /// The changed segments that flags use, in the order of their keys.
  package var segments: [SemanticChange]
  /// What cannot be told, a sentence each.
  package var notes: [String]

  package init(environments: [EnvironmentPlan], segments: [SemanticChange], notes: [String]) {
    self.environments = environments
    self.segments = segments
    self.notes = notes
  }

  /// Whether nothing that flags mean is another one.
  package var isEmpty: Bool { environments.allSatisfy { $0.flags.isEmpty } && segments.isEmpty && notes.isEmpty }

  /// The keys of the flags that give some context something else in some environment, or may do so.
  package var changedFlags: Set<String> {
    Set(environments.flatMap(\.flags).lazy.filter { $0.impact.verdict != .equivalent }.map(\.impact.key))
  }

  /// The keys of the flags that were touched, and are proven to give everyone the same everywhere.
  package var equivalentFlags: Set<String> {
    Set(environments.flatMap(\.flags).map(\.impact.key)).subtracting(changedFlags)
  }

  /// The greatest risk.
  package var risk: Risk { environments.flatMap(\.flags).map(\.risk).max() ?? Risk() }

  /// Contexts for which the evaluator and the analysis disagree: defects of the program.
  package var disagreements: [String] {
    environments.flatMap { environment in
      environment.flags.flatMap { flag in
        flag.impact.disagreements.map { "\(environment.environment), flag \(flag.impact.key): \($0)" }
      }
    }
  }
}

/// What a change does in one environment.
package struct EnvironmentPlan: Sendable {
  /// The environment.
  package var environment: String
  /// Whether it has a policy, or is the last one that changes are promoted to.
  package var isProtected: Bool
  /// What the analysis says of it as a whole.
  package var impact: EnvironmentImpact
  /// The flags that are changed there or reached by a change, in the order of their keys.
  package var flags: [FlagPlan]
  /// The verdict with which no approvals are needed; nil when they are, or when nobody asks for any.
  package var autoApproval: String?
}

/// What a change does to one flag in one environment.
package struct FlagPlan: Sendable {
  /// What is written in another way; empty when a segment or another flag is the reason.
  package var changes: [SemanticChange]
  /// Who gets something else.
  package var impact: FlagImpact
  /// Whether the flag was switched off as a whole.
  package var isKill: Bool
  /// Whether a test says what somebody must get there.
  package var isTested: Bool
  /// How much may go wrong.
  package var risk: Risk
  /// How many contexts of the population move; nil without one.
  package var population: PopulationCount?

  /// The greatest part of a group of contexts that moves, in buckets of 100,000, now or later.
  package var greatestMove: (buckets: Int, movement: Movement)? {
    let movements = impact.movements + impact.later.flatMap(\.movements)
    guard let greatest = movements.max(by: { $0.buckets < $1.buckets }) else { return nil }
    return (greatest.buckets, greatest)
  }
}
