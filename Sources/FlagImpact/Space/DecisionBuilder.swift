internal import Ensign

/// Turns flags into diagrams, after the evaluator's steps, with segments and prerequisites inlined.
final class DecisionBuilder {
  let space: Space
  private var diagram: Diagram { space.diagram }

  /// What terminals stand for, by their numbers.
  private(set) var outcomes: [Outcome] = []
  private var numbers: [OutcomeKey: Int32] = [:]
  private var prerequisites: [String: Diagram.Node] = [:]
  private var segments: [String: Diagram.Condition] = [:]

  /// What a flag gives, and what decided that.
  struct Outcome {
    let variant: String
    let value: JSONValue
    /// Nil where that is not told apart, or where there is no flag.
    let place: Evaluation.Place?
  }

  private struct OutcomeKey: Hashable {
    let variant: ExactText
    let value: [UInt8]
    let type: FlagType
    let place: [UInt8]
  }

  init(_ space: Space) { self.space = space }

  /// The terminal of an outcome; with its place, or for any place.
  func terminal(_ variant: String, of flag: FlagForm, _ place: Evaluation.Place?) -> Diagram.Node {
    let value = flag.value(of: variant)
    let key = OutcomeKey(
      variant: ExactText(variant), value: Self.identity(value), type: flag.type,
      place: place.map { Array("\(Self.kind($0)) \($0.name)".utf8) } ?? [])
    if let number = numbers[key] { return diagram.terminal(number) }
    let number = Int32(outcomes.count)
    outcomes.append(Outcome(variant: variant, value: value, place: place))
    numbers[key] = number
    return diagram.terminal(number)
  }

  /// Bytes that are equal when values are; those of the commonest are cheap.
  private static func identity(_ value: JSONValue) -> [UInt8] {
    guard case .boolean(let boolean) = value else { return value.canonicalBytes }
    return boolean ? [1] : [0]
  }

  private static func kind(_ place: Evaluation.Place) -> Int {
    if case .rule = place { return 1 }
    return 0
  }

  // MARK: Flags

  /// A flag's diagram.
  ///
  /// - Parameters:
  ///   - side: the version that its segments and prerequisites are of.
  ///   - terminal: what each outcome becomes.
  func build(
    _ flag: FlagForm, side: Int, terminal: (Evaluation.Place, String) -> Diagram.Node
  ) -> Diagram.Node {
    let off = terminal(.disabled, flag.off)
    if case .never = flag.enabled { return off }
    var node = build(
      flag.otherwise, of: flag, side: side, place: .otherwise, nothingToHash: terminal(.otherwise, flag.off), terminal)
    for rule in flag.rules.reversed() { node = build(rule, of: flag, side: side, before: node, terminal) }
    for target in flag.targets.reversed() {
      guard let list = space.workspace.list(target.keys) else { continue }
      node = diagram.test(
        space.condition(test: space.workspace.test(list)), terminal(.targets, target.variant), node)
    }
    for requirement in flag.requires.reversed() {
      node = build(requirement, side: side, met: node, unmet: terminal(.requires, flag.off))
    }
    if case .window(let from, let until) = flag.enabled {
      let isEnabled = space.condition(now: { now in
        (from.map { $0 <= now } ?? true) && (until.map { now < $0 } ?? true)
      })
      node = diagram.test(isEnabled, node, off)
    }
    return node
  }

  private func build(
    _ requirement: (flag: String, variants: [String]), side: Int, met: Diagram.Node, unmet: Diagram.Node
  ) -> Diagram.Node {
    // A loaded snapshot has every flag that others require.
    guard let other = space.workspace.flag(requirement.flag, side: side) else { return unmet }
    let key = "\(side)/\(requirement.flag)"
    let served: Diagram.Node
    if let node = prerequisites[key] {
      served = node
    } else {
      served = build(other, side: side) { _, variant in self.terminal(variant, of: other, nil) }
      prerequisites[key] = served
    }
    let wanted = Set(requirement.variants.map(ExactText.init))
    return diagram.replacingTerminals(of: served) { number in
      wanted.contains(ExactText(outcomes[Int(number)].variant)) ? met : unmet
    }
  }

  // MARK: Rules

  private func build(
    _ rule: RuleForm, of flag: FlagForm, side: Int, before next: Diagram.Node,
    _ terminal: (Evaluation.Place, String) -> Diagram.Node
  ) -> Diagram.Node {
    let served = build(rule.serve, of: flag, side: side, place: .rule(rule.name), nothingToHash: next, terminal)
    let shared = rule.share.map { share(in: $0, side: side, inside: served, outside: next) } ?? served
    return diagram.test(condition(of: rule, side: side), shared, next)
  }

  private func share(
    in share: ShareForm, side: Int, inside: Diagram.Node, outside: Diagram.Node
  ) -> Diagram.Node {
    let isInside = space.condition(share.hash) { $0.upperBound <= share.buckets }
    return diagram.test(isHashable(share.hash, side: side), diagram.test(isInside, inside, outside), outside)
  }

  /// The condition that a context has something to hash.
  func isHashable(_ hash: HashKey, side: Int) -> Diagram.Condition {
    guard hash.by != AnalyzedEnvironment.now, let type = space.workspace.sides[side].attributes[hash.by] else {
      return Diagram.never
    }
    return space.condition(test: space.workspace.hashableTest(hash.by, type: type))
  }

  private func build(
    _ serve: ServeForm, of flag: FlagForm, side: Int, place: Evaluation.Place, nothingToHash: Diagram.Node,
    _ terminal: (Evaluation.Place, String) -> Diagram.Node
  ) -> Diagram.Node {
    switch serve {
    case .variant(let variant): return terminal(place, variant)
    case .ranges(let ranges, let hash, _):
      let node = allocate(ranges, hash) { terminal(place, $0) }
      return diagram.test(isHashable(hash, side: side), node, nothingToHash)
    case .ramp(let ramp, let hash):
      let (inside, outside) = (terminal(place, ramp.variant), terminal(place, ramp.from))
      let node = self.ramp(ramp, hash, inside: inside, outside: outside)
      return diagram.test(isHashable(hash, side: side), node, nothingToHash)
    }
  }

  /// A diagram that gives each bucket its variant: one test for each variant but the last.
  private func allocate(
    _ ranges: [ExcessMovement.Range], _ hash: HashKey, _ terminal: (String) -> Diagram.Node
  ) -> Diagram.Node {
    var variants: [ExactText] = []
    for range in ranges where !variants.contains(ExactText(range.variant)) { variants.append(ExactText(range.variant)) }
    guard let last = variants.popLast() else { preconditionFailure("a loaded snapshot's ranges are complete") }
    var node = terminal(last.string)
    for variant in variants.reversed() {
      let isInside = space.condition(hash) { cell in
        ranges.contains {
          ExactText($0.variant) == variant && $0.from <= cell.lowerBound && cell.upperBound <= $0.to
        }
      }
      node = diagram.test(isInside, terminal(variant.string), node)
    }
    return node
  }

  /// A diagram that asks for the moment first: how far the ramp is, then for the bucket.
  private func ramp(
    _ ramp: RampForm, _ hash: HashKey, inside: Diagram.Node, outside: Diagram.Node
  ) -> Diagram.Node {
    var stages: [Int] = []
    for moment in space.time.representatives {
      let buckets = ramp.buckets(at: moment)
      if !stages.contains(buckets) { stages.append(buckets) }
    }
    var node: Diagram.Node?
    for stage in stages.reversed() {
      let isInside = space.condition(hash) { $0.upperBound <= stage }
      let served = diagram.test(isInside, inside, outside)
      node = node.map { diagram.test(space.condition(now: { ramp.buckets(at: $0) == stage }), served, $0) } ?? served
    }
    return node ?? outside
  }

  // MARK: Conditions

  /// Whom a rule is for.
  func condition(of rule: RuleForm, side: Int) -> Diagram.Condition {
    rule.condition ?? rule.when.map { condition($0, side: side) } ?? Diagram.always
  }

  func condition(_ value: JSONValue, side: Int) -> Diagram.Condition {
    if let members = value["all"]?.array { return diagram.all(members.map { condition($0, side: side) }) }
    if let members = value["any"]?.array { return diagram.any(members.map { condition($0, side: side) }) }
    if let inner = value["not"] { return diagram.not(condition(inner, side: side)) }
    if value["segment"] != nil { return diagram.any(value.strings("segment").map { segment($0, side: side) }) }
    return test(value, side: side)
  }

  private func segment(_ key: String, side: Int) -> Diagram.Condition {
    let place = "\(side)/\(key)"
    if let condition = segments[place] { return condition }
    let condition = membership(ofSegment: key, side: side)
    segments[place] = condition
    return condition
  }

  /// What it takes to be in a segment, before and after; nothing when the flag's use of it does not say both.
  func memberships(ofSegment key: String) -> [Diagram.Condition] {
    let users = [0, 1].filter { space.needs.segments[$0].contains(key) }
    guard users.count == 2 || space.workspace.isSameIfBoth(segment: key) else { return [] }
    return users.map { segment(key, side: $0) }
  }

  private func membership(ofSegment key: String, side: Int) -> Diagram.Condition {
    let segment = space.workspace.segment(key, side: side)
    func isListed(_ list: Workspace.KeyList?) -> Diagram.Condition {
      list.map { space.condition(test: $0.number(in: space.workspace)) } ?? Diagram.never
    }
    let holds = segment.when.map { condition($0, side: side) } ?? Diagram.never
    return diagram.all([
      diagram.not(isListed(segment.exclude)), diagram.any([isListed(segment.include), holds]),
    ])
  }

  private func test(_ value: JSONValue, side: Int) -> Diagram.Condition {
    let attribute = value["attribute"]?.string ?? ""
    guard let type = space.workspace.sides[side].attributes[attribute] else {
      preconditionFailure("a loaded snapshot declares every attribute that it tests")
    }
    if attribute == AnalyzedEnvironment.now {
      let (test, isNegated) = AttributeTest.read(value, type: type)
      return space.condition(now: { test.holds(.timestamp(Timestamp(milliseconds: $0))) != isNegated })
    }
    let (number, isNegated) = space.workspace.test(value, type: type)
    let holds = space.condition(test: number)
    guard isNegated else { return holds }
    // A negative test fails without a value, but the one that asks for just that.
    guard value["op"]?.string != ConditionOperator.missing.rawValue else { return diagram.not(holds) }
    let exists = space.condition(test: space.workspace.existsTest(attribute, type: type))
    return diagram.all([exists, diagram.not(holds)])
  }
}
