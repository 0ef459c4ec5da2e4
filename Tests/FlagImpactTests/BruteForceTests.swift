import Testing

@testable import Ensign
@testable import FlagImpact

@Suite("Impact by brute force")
struct BruteForceTests {
  /// What moves for one context: variants before and after, and how many combinations of buckets, of 100,000 to the power
  /// of the number of hashes.
  typealias Matrix = [[String]: UInt128]

  /// The buckets of more hashes have too many combinations to be counted.
  private static let countableHashes = 4

  @Test("the matrix of every context is what counting its buckets gives", arguments: RandomEnvironment.seeds(300))
  func matrices(seed: UInt64) throws {
    var random = RandomEnvironment(seed: seed)
    let before = random.parts()
    let after = random.edited(before)
    let pair = (random.bytes(before), random.bytes(after))
    let workspace = Workspace([try random.environment(before), try random.environment(after)])
    let comparison = FlagComparison(
      "f", at: Timestamp(milliseconds: RandomEnvironment.moment), .standard, workspace)
    let periods = try #require(comparison.explore())
    let impact = comparison.impact(periods)
    #expect(impact.disagreements.isEmpty)
    guard periods.space.hashes.count <= Self.countableHashes else { return }
    var contexts = (0..<25).map { _ in random.context() }
    contexts += cellContexts(periods.space, &random.random, count: 40)
    for context in contexts {
      let counted = try Self.count(pair.0, pair.1, context)
      let told = Self.told(periods, context)
      if told == nil { #expect(!impact.isComplete) }
      if let told, told != counted {
        Issue.record("\(Self.words(context)): told \(told), counted \(counted)")
        return
      }
    }
    if impact.verdict == .equivalent { #expect(impact.movements.isEmpty) }
  }

  /// Contexts from the cells of a space: all combinations when these are few, some otherwise.
  private func cellContexts(_ space: Space, _ random: inout SplitMix64, count: Int) -> [Context] {
    (0..<count).compactMap { _ in
      var members: [(String, Context.Value)] = []
      for axis in space.attributes {
        let cell = axis.cells[random.below(axis.cells.count)]
        guard cell.isProven else { return nil }
        guard let samples = cell.samples.isEmpty ? nil : random.pick(cell.samples) else { continue }
        let value = samples.value(random.below(3)) ?? samples.value(0)
        if let value { members.append((axis.attribute, value)) }
      }
      var context = Context(attributes: members)
      context.now = Timestamp(milliseconds: RandomEnvironment.moment)
      return context
    }
  }

  static func words(_ context: Context) -> String {
    context.names.map { "\($0): \(context[$0].map { "\($0)" } ?? "")" }.joined(separator: ", ")
  }

  /// What the analysis tells of a context; nil when it says that it does not know.
  ///
  /// - Parameter number: the period; the first is that of the analysis's moment.
  static func told(_ periods: Periods, _ context: Context, in number: Int = 0) -> Matrix? {
    let space = periods.space
    let period = periods.periods[number]
    var cells: [Int] = []
    for axis in space.attributes {
      guard let cell = axis.cell(of: context[axis.attribute]) else { return nil }
      cells.append(cell)
    }
    var found: Explorer.Count?
    for group in period.groups {
      for region in group.regions
      where cells.enumerated().allSatisfy({ space.layout.contains($1, of: $0 + 1, in: region) }) {
        if found != nil { Issue.record("two movements for one context") }
        found = group.count
      }
    }
    var matrix: Matrix = [:]
    for effect in found?.effects ?? [] {
      let key = [effect.before, effect.after].map { periods.builder.outcomes[Int($0)].variant }
      matrix[key, default: 0] += effect.numerator
    }
    var scale: UInt128 = 1
    for _ in 0..<space.hashes.count - (found?.dimensions ?? space.hashes.count) { scale *= 100_000 }
    return matrix.mapValues { $0 * scale }
  }

  @Test("what a line says of its contexts is true of them, and of no other", arguments: RandomEnvironment.seeds(200))
  func descriptions(seed: UInt64) throws {
    var random = RandomEnvironment(seed: seed &+ 30_000)
    let before = random.parts()
    let after = random.edited(before)
    let sides = [try random.environment(before), try random.environment(after)]
    let comparison = FlagComparison(
      "f", at: Timestamp(milliseconds: RandomEnvironment.moment), .standard, Workspace(sides))
    let periods = try #require(comparison.explore(mostRegions: seed.isMultiple(of: 2) ? 0 : 8))
    let segments = [before, after].map { parts in Set(parts.segments.keys) }
    let probes = [
      try MembershipProbe(random.bytes(before), segments[0]), try MembershipProbe(random.bytes(after), segments[1]),
    ]
    let space = periods.space
    var contexts = (0..<25).map { _ in random.context() }
    contexts += cellContexts(space, &random.random, count: 40)
    for context in contexts {
      let cells = space.attributes.map { $0.cell(of: context[$0.attribute]) }
      guard !cells.contains(nil) else { continue }
      func isIn(_ region: Region) -> Bool {
        cells.enumerated().allSatisfy { space.layout.contains($1 ?? 0, of: $0 + 1, in: region) }
      }
      for line in periods.periods[0].lines {
        let isSaid: Bool
        switch line.description {
        case .region(let memberships, let box):
          isSaid = isIn(box) && memberships.allSatisfy { $0.holds(probes.map { $0.segments(of: context) }) }
        case .decisions(let old, let new):
          isSaid = zip([old, new], sides).allSatisfy { place, side in
            place == nil || side.snapshot.evaluate("f", in: context).decidedBy == place
          }
        }
        #expect(
          isSaid == line.regions.contains(where: isIn), "\(line.description) of \(Self.words(context))")
      }
    }
  }

  @Test("the evaluator gives the same for all 100,000 buckets", arguments: RandomEnvironment.seeds(60))
  func allBuckets(seed: UInt64) throws {
    var random = RandomEnvironment(seed: seed &+ 10_000)
    let before = random.parts()
    let after = random.edited(before)
    let sides = [try random.environment(before), try random.environment(after)]
    let comparison = FlagComparison(
      "f", at: Timestamp(milliseconds: RandomEnvironment.moment), .standard, Workspace(sides))
    let periods = try #require(comparison.explore())
    // All hashes fall into the forced bucket, so there may be one only.
    guard periods.space.hashes.count == 1 else { return }
    for _ in 0..<20 {
      let context = random.context()
      guard let told = Self.told(periods, context), !told.isEmpty else { continue }
      var counted: Matrix = [:]
      for bucket in 0..<Bucketing.count {
        let variants = sides.map { $0.snapshot.evaluate("f", in: context, forcedBucket: bucket).variant ?? "" }
        if variants[0] != variants[1] { counted[variants, default: 0] += 1 }
      }
      #expect(told == counted, "\(Self.words(context))")
      return
    }
  }

  @Test(
    "reversed is transposed, and nothing is what a version differs from itself by",
    arguments: RandomEnvironment.seeds(150))
  func reversal(seed: UInt64) throws {
    var random = RandomEnvironment(seed: seed &+ 20_000)
    let before = random.parts()
    let sides = [try random.environment(before), try random.environment(random.edited(before))]
    let moment = Timestamp(milliseconds: RandomEnvironment.moment)
    let same = EnvironmentImpact.compare(sides[0], sides[0], at: moment)
    #expect(same.flags.isEmpty && same.verdict == .equivalent && same.untouched == 2)
    let there = try #require(FlagComparison("f", at: moment, .standard, Workspace(sides)).explore())
    let back = try #require(FlagComparison("f", at: moment, .standard, Workspace(sides.reversed())).explore())
    guard there.space.hashes.count <= Self.countableHashes else { return }
    for _ in 0..<30 {
      let context = random.context()
      let (left, right) = (Self.told(there, context), Self.told(back, context))
      let transposed = right.map { Matrix(uniqueKeysWithValues: $0.map { ($0.key.reversed(), $0.value) }) }
      #expect(left == transposed, "\(Self.words(context))")
    }
  }

  @Test("later moments are cut where something else is served", arguments: RandomEnvironment.seeds(200))
  func moments(seed: UInt64) throws {
    var random = RandomEnvironment(seed: seed &+ 30_000, usesTime: true)
    let before = random.parts()
    let after = random.edited(before)
    let workspace = Workspace([try random.environment(before), try random.environment(after)])
    let comparison = FlagComparison("f", at: Timestamp(milliseconds: RandomEnvironment.moment), .standard, workspace)
    let periods = try #require(comparison.explore())
    guard periods.space.hashes.count <= Self.countableHashes else { return }
    let bytes = (random.bytes(before), random.bytes(after))
    for _ in 0..<20 {
      var context = random.context()
      let moment = Int64(RandomEnvironment.moment) + Int64(random.random.below(5000))
      context.now = Timestamp(milliseconds: moment)
      let cell = periods.space.time.cell(of: moment)
      guard !periods.space.time.isAmbiguous[cell],
        let number = periods.periods.firstIndex(where: { $0.cells.contains(cell) }),
        let told = Self.told(periods, context, in: number)
      else { continue }
      let counted = try Self.count(bytes.0, bytes.1, context)
      if periods.space.time.isSlope[cell] {
        // The numbers are those of another moment; which transitions there are is not.
        #expect(Set(told.keys) == Set(counted.keys), "\(Self.words(context)) at \(moment)")
      } else {
        #expect(told == counted, "\(Self.words(context)) at \(moment)")
      }
    }
  }

  @Test("a small budget leaves things undecided, and claims nothing else", arguments: RandomEnvironment.seeds(100))
  func budgets(seed: UInt64) throws {
    var random = RandomEnvironment(seed: seed &+ 40_000)
    let before = random.parts()
    let sides = [try random.environment(before), try random.environment(random.edited(before))]
    let moment = Timestamp(milliseconds: RandomEnvironment.moment)
    let full = FlagComparison("f", at: moment, .standard, Workspace(sides)).run()
    let reachable = FlagAnalysis.analyze(["f"], in: sides[1])[0]
    for steps in [0, 20, 60, 200, 1000] {
      let budget = AnalysisBudget(steps: steps)
      let impact = FlagComparison("f", at: moment, budget, Workspace(sides)).run()
      #expect(impact.verdict == full.verdict || impact.verdict == .undecided && !impact.isComplete)
      #expect(impact.disagreements.isEmpty)
      let analysis = FlagAnalysis.analyze(["f"], in: sides[1], budget: budget)[0]
      for (rule, other) in zip(analysis.rules, reachable.rules) {
        switch (rule.reachability, other.reachability) {
        case (.undecided, _): #expect(!analysis.isComplete)
        case (.reachable, .reachable), (.unreachable, .unreachable): break
        default:
          Issue.record("\(rule.name) with \(steps) steps: \(rule.reachability), \(other.reachability) without end")
        }
      }
      if let only = analysis.onlyVariant { #expect(only == reachable.onlyVariant) }
    }
  }

  /// Counts every combination of buckets, stretch by stretch.
  static func count(_ before: [UInt8], _ after: [UInt8], _ context: Context) throws -> Matrix {
    let old = try SlowDecision(before, context)
    let new = try SlowDecision(after, context)
    let hashes = old.hashes(of: "f").merging(new.hashes(of: "f")) { $0.union($1) }.sorted { $0.key < $1.key }
    var matrix: Matrix = [:]
    var buckets: [String: Int] = [:]
    func visit(_ index: Int, _ weight: UInt128) {
      guard index < hashes.count else {
        let (left, right) = (old.variant("f", buckets), new.variant("f", buckets))
        if left != right { matrix[[left, right], default: 0] += weight }
        return
      }
      let cuts = hashes[index].value.filter { $0 < 100_000 }.sorted()
      for (from, to) in zip(cuts, cuts.dropFirst() + [100_000]) {
        buckets[hashes[index].key] = from
        visit(index + 1, weight * UInt128(to - from))
      }
    }
    visit(0, 1)
    return matrix
  }
}
