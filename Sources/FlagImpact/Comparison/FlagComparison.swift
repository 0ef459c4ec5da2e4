internal import Ensign

/// Compares two versions of one flag in one environment.
struct FlagComparison {
  let key: String
  let workspace: Workspace
  let moment: Timestamp
  let budget: AnalysisBudget

  private let before: FlagForm?
  private let after: FlagForm?

  /// Flags with more rules, their prerequisites' counted, are not looked into.
  static let maximumRules = 2000

  init(_ key: String, at moment: Timestamp, _ budget: AnalysisBudget, _ workspace: Workspace) {
    self.key = key
    self.workspace = workspace
    self.moment = moment
    self.budget = budget
    before = workspace.flag(key, side: 0)
    after = workspace.flag(key, side: 1)
  }

  /// What the change does.
  func run() -> FlagImpact { impact(explore()) }

  /// What the change does, from its periods; nil when there are too many rules.
  func impact(_ periods: Periods?) -> FlagImpact {
    var impact = FlagImpact(
      key: key, change: change, changedSegments: [], changedPrerequisites: [], verdict: .equivalent, movements: [],
      later: [], excesses: Excess.find(before, after), isComplete: true, limitations: [], disagreements: [])
    guard let periods else {
      impact.isComplete = false
      impact.limitations.append("The flag and its prerequisites have more than \(Self.maximumRules) rules.")
      impact.verdict = .undecided
      return impact
    }
    periods.finish(&impact)
    return impact
  }

  /// The movements, period by period; nil when there are too many rules.
  ///
  /// - Parameter mostRegions: groups of more regions are told by what decides for them, where that says it all.
  func explore(mostRegions: Int = 8) -> Periods? {
    var needs = Needs()
    if let before { needs.collect(before, side: 0, workspace) }
    if let after { needs.collect(after, side: 1, workspace) }
    // One of the versions has the flag, or there would be nothing to compare.
    guard needs.ruleCount <= Self.maximumRules, let reference = after ?? before else { return nil }
    let space = Space(needs, moment: moment.milliseconds, workspace)
    let builder = DecisionBuilder(space)
    let pair = Explorer.Pair(
      before: node(before, reference, side: 0, isLabelled: false, builder),
      after: node(after, reference, side: 1, isLabelled: false, builder),
      labelledBefore: node(before, reference, side: 0, isLabelled: true, builder),
      labelledAfter: node(after, reference, side: 1, isLabelled: true, builder))
    var periods = Periods(
      space: space, builder: builder, search: WitnessSearch(space), comparison: self,
      mostRegions: mostRegions)
    periods.explore(pair, from: space.time.cell(of: moment.milliseconds))
    return periods
  }

  private func node(
    _ flag: FlagForm?, _ reference: FlagForm, side: Int, isLabelled: Bool, _ builder: DecisionBuilder
  ) -> Diagram.Node {
    // Where there is no flag, services get what by convention is the off variant.
    guard let flag else { return builder.terminal(reference.off, of: reference, nil) }
    return builder.build(flag, side: side) { place, variant in
      builder.terminal(variant, of: flag, isLabelled ? place : nil)
    }
  }

  private var change: FlagImpact.Change {
    guard let before else { return .added }
    guard let after else { return .removed }
    if before.type != after.type { return .retyped(from: before.type, to: after.type) }
    return AnalyzedEnvironment.isEqual(\.flags, key, workspace.sides[0], workspace.sides[1]) ? .none : .edited
  }

  /// Which way a transition goes.
  func direction(from before: String, to after: String) -> Verdict {
    let offBefore = ExactText((self.before ?? self.after)?.off ?? "")
    let offAfter = ExactText((self.after ?? self.before)?.off ?? "")
    let leavesOff = ExactText(before) == offBefore
    let entersOff = ExactText(after) == offAfter
    if leavesOff == entersOff { return .mixed }
    return leavesOff ? .growsOnly : .shrinksOnly
  }

  /// Whether a version has the flag.
  func hasFlag(side: Int) -> Bool { (side == 0 ? before : after) != nil }

  /// Whether all contexts that a place of a version decides for, at one moment, are served by the same allocation.
  func servesAlike(_ place: Evaluation.Place?, side: Int) -> Bool {
    guard let flag = side == 0 ? before : after else { return true }
    switch place {
    case .disabled, .requires: return true
    case .rule(let name): return flag.rules.count { ExactText($0.name) == ExactText(name) } == 1
    // Without what it hashes, it serves the off variant.
    case .otherwise: if case .variant = flag.otherwise { return true } else { return false }
    case .targets, nil: return false
    }
  }

  /// Whether a rule decides now, and another one behind it, which did not change, decided before.
  func preemption(_ transition: Transition) -> Movement.Preemption? {
    guard case .rule(let new) = transition.after.decidedBy, case .rule(let old) = transition.before.decidedBy,
      ExactText(new) != ExactText(old), let before, let after,
      // It takes something away.
      ExactText(transition.after.variant) == ExactText(after.off),
      let newPlace = after.rules.firstIndex(where: { ExactText($0.name) == ExactText(new) }),
      let oldPlace = after.rules.firstIndex(where: { ExactText($0.name) == ExactText(old) }), newPlace < oldPlace,
      isSame(before, after, old), !isSame(before, after, new),
      // A rule that serves nothing but the off variant is meant to.
      !after.rules[newPlace].serves(only: after.off)
    else { return nil }
    return Movement.Preemption(rule: new, preempted: old)
  }

  private func isSame(_ before: FlagForm, _ after: FlagForm, _ name: String) -> Bool {
    let old = before.rules.first { ExactText($0.name) == ExactText(name) }
    let new = after.rules.first { ExactText($0.name) == ExactText(name) }
    guard let old, let new else { return false }
    return old.when?.canonicalBytes == new.when?.canonicalBytes && old.serve == new.serve
      && old.share?.buckets == new.share?.buckets && old.share?.hash == new.share?.hash
  }
}

extension RuleForm {
  fileprivate func serves(only variant: String) -> Bool {
    switch serve {
    case .variant(let served): ExactText(served) == ExactText(variant)
    case .ranges(let ranges, _, _): ranges.allSatisfy { ExactText($0.variant) == ExactText(variant) }
    case .ramp(let ramp, _):
      ExactText(ramp.variant) == ExactText(variant) && ExactText(ramp.from) == ExactText(variant)
    }
  }
}
