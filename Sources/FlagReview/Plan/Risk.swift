internal import Ensign
package import FlagImpact

/// How much may go wrong with a change, and why.
package struct Risk: Hashable, Comparable, Sendable {
  /// How much.
  package enum Level: String, CaseIterable, Comparable, Sendable {
    case low, medium, high

    package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .low: 0
      case .medium: 1
      case .high: 2
      }
    }
  }

  /// The greatest of the reasons' levels.
  package private(set) var level: Level = .low
  /// Why, a phrase each, the weightiest first.
  package private(set) var reasons: [String] = []

  package init() {}

  package static func < (left: Risk, right: Risk) -> Bool { left.level < right.level }

  /// - Parameters:
  ///   - impact: of the flag in the environment.
  ///   - isProtected: whether the environment is; in others everything weighs less.
  ///   - isTested: whether a test says what somebody must get there.
  ///   - dependents: how many flags depend on this one.
  package init(of impact: FlagImpact, isProtected: Bool, isTested: Bool, dependents: Int) {
    if impact.verdict == .equivalent { return }
    var found: [(level: Level, reason: String)] = []
    switch impact.change {
    case .retyped: found.append((.high, "its values have another type"))
    case .removed: found.append((.high, "the flag goes, so that services get their code's default"))
    case .none, .edited, .added: break
    }
    let movements = impact.movements + impact.later.flatMap(\.movements)
    if let preemption = movements.lazy.compactMap(\.preemption).first {
      found.append((.high, "rule \(preemption.rule) pre-empts rule \(preemption.preempted)"))
    }
    if impact.excesses.contains(where: { $0.cause == .redealt }) {
      found.append((.high, "another seed or attribute deals everybody anew"))
    }
    if let greatest = movements.map(\.buckets).max(), greatest >= 10_000 {
      let share = ImpactWords.share(greatest)
      found.append((greatest >= 50_000 ? .high : .medium, "\(share) of a group of contexts move"))
    }
    if !impact.isComplete { found.append((.medium, "the analysis could not settle everything")) }
    if impact.verdict == .mixed { found.append((.medium, "some contexts lose what they had")) }
    if dependents > 0 {
      found.append((.medium, "\(dependents == 1 ? "1 flag depends" : "\(dependents) flags depend") on it"))
    }
    if !isTested { found.append((.medium, "no test of this environment")) }
    if !isProtected {
      found = found.map { ($0.level == .high ? .medium : .low, $0.reason) }
    }
    level = found.map(\.level).max() ?? .low
    for level in Level.allCases.sorted(by: >) {
      reasons += found.filter { $0.level == level }.map(\.reason)
    }
  }
}
