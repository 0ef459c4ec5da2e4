internal import Ensign

/// What the flags of an analysis look at, collected before anything is cut: tests by attribute, hashes, moments.
struct Needs {
  /// The tests of each attribute but `now`.
  private(set) var tests: [String: Set<Int>] = [:]
  /// Where the buckets of each hash are cut.
  private(set) var hashes: [HashKey: Set<Int>] = [:]
  /// Moments from which on a test of `now` gives another verdict than before.
  var moments: Set<Int64> = []
  /// Where linear ramps are between two steps, half-open, with their hashes.
  private(set) var slopes: [(hash: HashKey, moments: Range<Int64>)] = []
  /// The ramps, each once, with the sides that use them.
  private(set) var ramps: [(hash: HashKey, ramp: RampForm, sides: Set<Int>)] = []
  /// How many rules, counted as often as they are mentioned.
  private(set) var ruleCount = 0

  /// The segments that are mentioned, directly or by others, side by side.
  private(set) var segments: [Set<String>] = [[], []]

  private var seenFlags: Set<String> = []

  mutating func collect(_ flag: FlagForm, side: Int, _ workspace: Workspace) {
    if case .window(let from, let until) = flag.enabled {
      if let from { moments.insert(from) }
      if let until { moments.insert(until) }
    }
    for target in flag.targets { collect(workspace.list(target.keys)?.number(in: workspace)) }
    for rule in flag.rules {
      ruleCount += 1
      if let when = rule.when { collect(condition: when, side: side, workspace) }
      if let share = rule.share { collect(share.hash, cuts: [share.buckets], side: side, workspace) }
      collect(rule.serve, side: side, workspace)
    }
    collect(flag.otherwise, side: side, workspace)
    for requirement in flag.requires {
      guard seenFlags.insert("\(side)/\(requirement.flag)").inserted else { continue }
      if let other = workspace.flag(requirement.flag, side: side) { collect(other, side: side, workspace) }
    }
  }

  private mutating func collect(_ listing: Int?) {
    if let listing { tests[Context.targetingKeyName, default: []].insert(listing) }
  }

  private mutating func collect(_ serve: ServeForm, side: Int, _ workspace: Workspace) {
    switch serve {
    case .variant: break
    case .ranges(let ranges, let hash, _): collect(hash, cuts: ranges.map(\.to), side: side, workspace)
    case .ramp(let ramp, let hash):
      collect(hash, cuts: [], side: side, workspace)
      moments.formUnion(ramp.steps.map(\.at))
      if let index = ramps.firstIndex(where: { $0.hash == hash && $0.ramp == ramp }) {
        ramps[index].sides.insert(side)
      } else {
        ramps.append((hash, ramp, [side]))
      }
      hashes[hash, default: []].formUnion(ramp.steps.map { Int($0.buckets) })
    }
  }

  private mutating func collect(_ hash: HashKey, cuts: [Int], side: Int, _ workspace: Workspace) {
    hashes[hash, default: []].formUnion(cuts)
    guard hash.by != AnalyzedEnvironment.now, let type = workspace.sides[side].attributes[hash.by] else { return }
    tests[hash.by, default: []].insert(workspace.hashableTest(hash.by, type: type))
  }

  mutating func collect(condition: JSONValue, side: Int, _ workspace: Workspace) {
    if let members = condition["all"]?.array ?? condition["any"]?.array {
      for member in members { collect(condition: member, side: side, workspace) }
    } else if let inner = condition["not"] {
      collect(condition: inner, side: side, workspace)
    } else if condition["segment"] != nil {
      for key in condition.strings("segment") where segments[side].insert(key).inserted {
        let segment = workspace.segment(key, side: side)
        collect(segment.include?.number(in: workspace))
        collect(segment.exclude?.number(in: workspace))
        if let when = segment.when { collect(condition: when, side: side, workspace) }
      }
    } else if let attribute = condition["attribute"]?.string, let type = workspace.sides[side].attributes[attribute] {
      if attribute == AnalyzedEnvironment.now {
        collectMoments(AttributeTest.read(condition, type: type).test)
        return
      }
      let (number, isNegated) = workspace.test(condition, type: type)
      tests[attribute, default: []].insert(number)
      if isNegated { tests[attribute, default: []].insert(workspace.existsTest(attribute, type: type)) }
    }
  }

  private mutating func collectMoments(_ test: AttributeTest) {
    switch test.kind {
    case .ordered(.lessThan, .integer(let moment)), .ordered(.atLeast, .integer(let moment)): moments.insert(moment)
    case .ordered(.atMost, .integer(let moment)), .ordered(.greaterThan, .integer(let moment)):
      moments.insert(moment + 1)
    case .isIn(.integers(let integers)): for moment in integers { moments.formUnion([moment, moment + 1]) }
    default: break
    }
  }

  /// Cuts the time where a linear ramp passes another cut of its hash, so that between two cuts of the time the order of
  /// all buckets stays the same, and with it which transitions there are.
  mutating func cutSlopes() {
    for (hash, ramp, _) in ramps where ramp.isLinear {
      let cuts = (hashes[hash] ?? []).union([0, Bucketing.count])
      for (from, to) in zip(ramp.steps, ramp.steps.dropFirst()) where from.buckets < to.buckets {
        slopes.append((hash, from.at..<to.at))
        for cut in cuts where from.buckets <= cut && cut <= to.buckets {
          for target in [cut, cut + 1] {
            if let moment = ramp.first(in: from.at...to.at, reaching: target) { moments.insert(moment) }
          }
        }
      }
    }
  }

  /// Moments at which two ramps of one hash are on their way, so that their order is not known in between.
  var ambiguities: [Range<Int64>] {
    var ambiguities: [Range<Int64>] = []
    for (index, slope) in slopes.enumerated() {
      for other in slopes[..<index] where other.hash == slope.hash && other.moments.overlaps(slope.moments) {
        ambiguities.append(other.moments.clamped(to: slope.moments))
      }
    }
    return ambiguities
  }

  /// Cuts the buckets where ramps are at these moments.
  mutating func cutRamps(at moments: [Int64]) {
    for ramp in ramps { for moment in moments { hashes[ramp.hash]?.insert(ramp.ramp.buckets(at: moment)) } }
  }
}

extension RampForm {
  /// The first moment of a range at which so many buckets are reached; nil when they are not.
  fileprivate func first(in range: ClosedRange<Int64>, reaching target: Int) -> Int64? {
    guard buckets(at: range.upperBound) >= target else { return nil }
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high {
      let middle = low + (high - low) / 2
      if buckets(at: middle) >= target { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Workspace.KeyList {
  func number(in workspace: Workspace) -> Int { workspace.test(self) }
}
