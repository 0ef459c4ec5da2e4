internal import Ensign

extension FlagAnalysis {
  /// Analyses flags of one version.
  ///
  /// - Parameters:
  ///   - keys: the flags, or nil for all of them; keys that there are no flags of are passed over.
  ///   - environment: the version.
  ///   - budget: the work for each flag.
  /// - Returns: the analyses in the order of the keys.
  package static func analyze(
    _ keys: [String]? = nil, in environment: AnalyzedEnvironment, budget: AnalysisBudget = .standard
  ) -> [FlagAnalysis] {
    let workspace = Workspace([environment])
    return (keys ?? environment.flagKeys).compactMap { key in
      workspace.flag(key, side: 0).map { FlagAnalyzer($0, budget, workspace).run() }
    }
  }
}

/// Finds out what is true of one version of a flag.
final class FlagAnalyzer {
  private var flag: FlagForm
  private let budget: AnalysisBudget
  private let space: Space
  private let builder: DecisionBuilder
  private let witnesses: WitnessSearch
  private let ruleCount: Int
  private var analysis: FlagAnalysis

  private var diagram: Diagram { space.diagram }

  init(_ flag: FlagForm, _ budget: AnalysisBudget, _ workspace: Workspace) {
    self.flag = flag
    self.budget = budget
    var needs = Needs()
    needs.collect(flag, side: 0, workspace)
    ruleCount = needs.ruleCount
    space = Space(needs, moment: nil, workspace)
    builder = DecisionBuilder(space)
    witnesses = WitnessSearch(space)
    analysis = FlagAnalysis(
      key: flag.key, rules: [], onlyVariant: nil, isComplete: true, limitations: [], disagreements: [])
  }

  func run() -> FlagAnalysis {
    guard ruleCount <= FlagComparison.maximumRules else {
      limit("The flag and its prerequisites have more than \(FlagComparison.maximumRules) rules.")
      analysis.rules = flag.rules.map { rule in
        RuleAnalysis(name: rule.name, reachability: .undecided, effect: nil, redundantConditions: [])
      }
      return analysis
    }
    for index in flag.rules.indices {
      flag.rules[index].condition = builder.condition(of: flag.rules[index], side: 0)
    }
    let whole = node(flag, isLabelled: true)
    for index in flag.rules.indices { analysis.rules.append(analyze(index, whole)) }
    analysis.onlyVariant = onlyVariant
    return analysis
  }

  private func limit(_ sentence: String) {
    analysis.isComplete = false
    if !analysis.limitations.contains(sentence) { analysis.limitations.append(sentence) }
  }

  // MARK: Diagrams

  /// The diagram of a version of the flag; with places told apart, or variants only.
  private func node(_ flag: FlagForm, isLabelled: Bool) -> Diagram.Node {
    builder.build(flag, side: 0) { place, variant in builder.terminal(variant, of: flag, isLabelled ? place : nil) }
  }

  /// Whether a terminal is a place's.
  private func isDecided(by place: Evaluation.Place) -> (Int32) -> Bool {
    { number in self.builder.outcomes[Int(number)].place.map { Self.isSame($0, place) } ?? false }
  }

  private static func isSame(_ left: Evaluation.Place, _ right: Evaluation.Place) -> Bool {
    if case .rule(let left) = left, case .rule(let right) = right { return ExactText(left) == ExactText(right) }
    return left == right
  }

  // MARK: Questions

  private enum Answer {
    /// There is such a context; without a witness where it is rare.
    case yes(Witness?)
    /// Proven: there is none.
    case no
    case undecided
  }

  /// A search with a part of the budget.
  private func regionSearch() -> RegionSearch {
    RegionSearch(space, limit: min(budget.steps, diagram.steps + budget.steps / 8))
  }

  /// Whether a context comes to one of some terminals.
  private func ask(
    _ node: Diagram.Node, wantsWitness: Bool = true, where hits: @escaping (Int32) -> Bool
  ) -> Answer {
    let regions = regionSearch()
    return answer(regions, [node], wantsWitness: wantsWitness) { body in
      regions.first(of: node, in: space.everything, where: hits, body)
    }
  }

  /// Whether two diagrams differ for a context.
  private func ask(_ left: Diagram.Node, differsFrom right: Diagram.Node, wantsWitness: Bool = true) -> Answer {
    if left == right { return .no }
    let regions = regionSearch()
    return answer(regions, [left, right], wantsWitness: wantsWitness) { body in
      regions.firstDifference(left, right, in: space.everything, body)
    }
  }

  private func answer(
    _ regions: RegionSearch, _ nodes: [Diagram.Node], wantsWitness: Bool = true, _ visit: ((Region) -> Bool) -> Bool
  ) -> Answer {
    var witness: Witness?
    var isRare = false
    var isOpen = false
    let isFound = visit { region in
      if !wantsWitness, space.isFree(region), space.isProven(region) {
        isRare = true
        return true
      }
      switch witnesses.find(in: region) {
      case .found(let found): witness = found
      case .impossible: return false
      case .unknown:
        guard space.isProven(region) else {
          isOpen = true
          return false
        }
        witness = witnesses.findForced(in: region)
        isRare = true
      }
      return true
    }
    if isFound { return isRare || witness != nil ? .yes(witness) : .undecided }
    if regions.isCutShort {
      limit("The budget of \(budget.steps) steps ended before all contexts were looked at.")
      return .undecided
    }
    if isOpen {
      limit("Whether a regular expression matches could not be settled by examples.")
      return .undecided
    }
    return isUncertain(nodes) ? .undecided : .no
  }

  /// Whether the cells that diagrams ask for may not be all there are.
  private func isUncertain(_ nodes: [Diagram.Node]) -> Bool {
    if space.time.isAmbiguous.contains(true) {
      limit("Two linear ramps with the same seed are under way at once; one may overtake the other in between.")
      return true
    }
    let axes = Set(nodes.flatMap { node in diagram.atoms(of: node).map { diagram.atoms[$0].axis } })
    for axis in axes.sorted() where axis > 0 && axis < space.firstHash && !space.attributes[axis - 1].isComplete {
      limit("The tests of \(space.attributes[axis - 1].attribute) are too many to combine.")
      return true
    }
    return false
  }

  // MARK: Rules

  private func analyze(_ index: Int, _ whole: Diagram.Node) -> RuleAnalysis {
    let rule = flag.rules[index]
    var result = RuleAnalysis(name: rule.name, reachability: .undecided, effect: nil, redundantConditions: [])
    switch reach(rule, in: flag) {
    case .yes(let witness):
      if let witness { verify(witness, isDecidedBy: rule.name) }
      result.reachability = .reachable(witness)
    case .no:
      result.reachability = .unreachable(obstacle(index))
      return result
    case .undecided: return result
    }
    let effect = effect(index, whole)
    result.effect = effect
    if case .changes = effect { result.redundantConditions = redundantConditions(index, whole) }
    return result
  }

  /// Whether a rule of a version of the flag decides for a context.
  private func reach(_ rule: RuleForm, in flag: FlagForm) -> Answer {
    let place = Evaluation.Place.rule(rule.name)
    let hits = isDecided(by: place)
    // The rule's own condition first: what is outside of it need not be looked at.
    let holds = builder.condition(of: rule, side: 0)
    let miss = builder.terminal(flag.off, of: flag, .disabled)
    let decided = diagram.replacingTerminals(of: node(flag, isLabelled: true)) {
      hits($0) ? diagram.terminal($0) : miss
    }
    return ask(diagram.test(holds, decided, miss), where: hits)
  }

  /// Compares the evaluator's decision for a witness.
  private func verify(_ witness: Witness, isDecidedBy rule: String) {
    let evaluation = space.workspace.sides[0].snapshot.evaluate(
      flag.key, in: witness.context, forcedBucket: witness.forcedBucket)
    if evaluation.decidedBy.map({ Self.isSame($0, .rule(rule)) }) ?? false { return }
    analysis.disagreements.append(
      "For \(witness.description) the analysis expects rule \(rule) of \(flag.key) to decide, and the evaluator says "
        + "\(evaluation.decidedBy?.name ?? "nothing").")
  }

  /// Why a rule decides for nobody, which is proven.
  private func obstacle(_ index: Int) -> RuleAnalysis.Obstacle {
    let rule = flag.rules[index]
    let hit = builder.terminal(flag.off, of: flag, .rule(rule.name))
    let miss = builder.terminal(flag.off, of: flag, .disabled)
    let holds = builder.condition(of: rule, side: 0)
    if case .no = ask(diagram.test(holds, hit, miss), where: isDecided(by: .rule(rule.name))) { return .contradiction }
    if isUnreachable(index, keeping: []) { return .nobodyInShare }
    return .decidedEarlier(deciders(before: index))
  }

  /// The fewest earlier parts found that decide for all whom a rule is for.
  private func deciders(before index: Int) -> [Evaluation.Place] {
    var places: [Evaluation.Place] = []
    if case .always = flag.enabled {} else { places.append(.disabled) }
    if !flag.requires.isEmpty { places.append(.requires) }
    if !flag.targets.isEmpty { places.append(.targets) }
    places += flag.rules[..<index].map { .rule($0.name) }
    for place in places where isUnreachable(index, keeping: [place]) { return [place] }
    for place in places.reversed() {
      let fewer = places.filter { !Self.isSame($0, place) }
      if isUnreachable(index, keeping: fewer) { places = fewer }
    }
    return places
  }

  /// Whether a rule decides for nobody when only some of the parts before it are there.
  private func isUnreachable(_ index: Int, keeping places: [Evaluation.Place]) -> Bool {
    func isKept(_ place: Evaluation.Place) -> Bool { places.contains { Self.isSame($0, place) } }
    var reduced = flag
    if !isKept(.disabled) { reduced.enabled = .always }
    if !isKept(.requires) { reduced.requires = [] }
    if !isKept(.targets) { reduced.targets = [] }
    reduced.rules = flag.rules[..<index].filter { isKept(.rule($0.name)) } + [flag.rules[index]]
    if case .no = reach(flag.rules[index], in: reduced) { return true }
    return false
  }

  // MARK: Effects

  private func effect(_ index: Int, _ whole: Diagram.Node) -> RuleAnalysis.Effect {
    var without = flag
    without.rules.remove(at: index)
    switch ask(node(flag, isLabelled: false), differsFrom: node(without, isLabelled: false)) {
    case .yes(let witness): return .changes(witness)
    case .undecided: return .undecided
    case .no: break
    }
    // Where the rule decides, go on with the flag without it, and see what decides there.
    let rest = node(without, isLabelled: true)
    let hits = isDecided(by: .rule(flag.rules[index].name))
    let off = builder.terminal(flag.off, of: flag, .disabled)
    let instead = diagram.replacingTerminals(of: whole) { hits($0) ? rest : off }
    let later = flag.rules[(index + 1)...].map { Evaluation.Place.rule($0.name) } + [.otherwise]
    return .redundant(
      instead: later.filter { place in
        if case .no = ask(instead, wantsWitness: false, where: isDecided(by: place)) { return false }
        return true
      })
  }

  private static let maximumConditions = 64

  private func redundantConditions(_ index: Int, _ whole: Diagram.Node) -> [RuleAnalysis.RedundantCondition] {
    guard let when = flag.rules[index].when else { return [] }
    let parts = ConditionParts.removable(when)
    if parts.count > Self.maximumConditions {
      limit(
        "Rule \(flag.rules[index].name) has more than \(Self.maximumConditions) conditions; the rest was not looked into."
      )
    }
    return parts.prefix(Self.maximumConditions).filter { part in
      var reduced = flag
      reduced.rules[index].when = ConditionParts.removing(part.path, from: when)
      reduced.rules[index].condition = nil
      if case .no = ask(whole, differsFrom: node(reduced, isLabelled: true), wantsWitness: false) { return true }
      return false
    }
  }

  // MARK: The whole flag

  private var onlyVariant: String? {
    let node = node(flag, isLabelled: false)
    for number in diagram.terminals(of: node).sorted() {
      if case .no = ask(node, wantsWitness: false, where: { $0 != number }) {
        return builder.outcomes[Int(number)].variant
      }
      // The first one that is served decides: another one is served beside it.
      if case .yes = ask(node, wantsWitness: false, where: { $0 == number }) { return nil }
    }
    return nil
  }
}
