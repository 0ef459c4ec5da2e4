import Testing

@testable import Ensign
@testable import FlagImpact

@Suite("Reachability")
struct ReachabilityTests {
  @Test("unreachable rules never decide, and others have a witness", arguments: RandomEnvironment.seeds(300))
  func reachability(seed: UInt64) throws {
    var random = RandomEnvironment(seed: seed &+ 50_000)
    var parts = random.parts()
    parts.flags["f"] = random.flag(requiring: random.random.oneIn(3) ? "p" : nil, rules: 6)
    let environment = try random.environment(parts)
    let analysis = try #require(FlagAnalysis.analyze(["f"], in: environment).first)
    #expect(analysis.disagreements.isEmpty)
    var unreachable: Set<String> = []
    for rule in analysis.rules {
      switch rule.reachability {
      case .unreachable: unreachable.insert(rule.name)
      case .undecided: #expect(!analysis.isComplete)
      case .reachable(let witness):
        guard let witness else { continue }
        let evaluation = environment.snapshot.evaluate("f", in: witness.context, forcedBucket: witness.forcedBucket)
        #expect(evaluation.rule == rule.name)
      }
    }
    var moments = [0, 4000, 4500, 5000, 6000, 8999, 9000, 100_000] as [Int64]
    moments.shuffle(using: &random.random)
    for number in 0..<300 {
      var context = random.context()
      context.now = Timestamp(milliseconds: moments[number % moments.count])
      let bucket =
        number % 3 == 0 ? nil : random.random.pick([0, 1, 999, 9999, 19_999, 20_000, 60_000, 94_999, 99_999])
      let evaluation = environment.snapshot.evaluate("f", in: context, forcedBucket: bucket)
      // A forced bucket is one that the context's values may never have, where finitely many values are hashed.
      if bucket == nil, let only = analysis.onlyVariant { #expect(evaluation.variant == only) }
      if bucket == nil, let rule = evaluation.rule, unreachable.contains(rule) {
        Issue.record("\(rule) decides for \(BruteForceTests.words(context)) at \(context.now?.milliseconds ?? 0)")
      }
    }
    try check(analysis, parts, &random)
  }

  /// Compares the flag with what it would be without a rule or a condition that is said to make no difference.
  private func check(_ analysis: FlagAnalysis, _ parts: RandomEnvironment.Parts, _ random: inout RandomEnvironment)
    throws
  {
    let rules = parts.flags["f"]?["rules"]?.array ?? []
    for (index, rule) in analysis.rules.enumerated() {
      var reduced: [JSONValue]?
      if case .unreachable = rule.reachability { reduced = Self.without(index, rules) }
      if case .redundant = rule.effect { reduced = Self.without(index, rules) }
      if let part = rule.redundantConditions.first {
        reduced = rules
        let when = ConditionParts.removing(part.path, from: rules[index]["when"] ?? .null)
        let members = (rules[index].object ?? []).filter { $0.key != "when" }
        reduced?[index] = .object(members + (when.map { [JSONValue.Member(key: "when", value: $0)] } ?? []))
      }
      guard let reduced else {
        if case .changes(let witness?) = rule.effect {
          let old = try random.environment(parts).snapshot.evaluate(
            "f", in: witness.context, forcedBucket: witness.forcedBucket)
          let new = try random.environment(Self.replacing(parts, Self.without(index, rules))).snapshot.evaluate(
            "f", in: witness.context, forcedBucket: witness.forcedBucket)
          #expect(old.variant != new.variant)
        }
        continue
      }
      let other = try random.environment(Self.replacing(parts, reduced))
      let original = try random.environment(parts)
      for number in 0..<60 {
        var context = random.context()
        context.now = Timestamp(milliseconds: Int64(number) * 200)
        let (old, new) = (original.snapshot.evaluate("f", in: context), other.snapshot.evaluate("f", in: context))
        #expect(old.variant == new.variant, "rule \(rule.name), \(BruteForceTests.words(context))")
      }
    }
  }

  private static func without(_ index: Int, _ rules: [JSONValue]) -> [JSONValue] {
    var rules = rules
    rules.remove(at: index)
    return rules
  }

  private static func replacing(_ parts: RandomEnvironment.Parts, _ rules: [JSONValue]) -> RandomEnvironment.Parts {
    var parts = parts
    var members = (parts.flags["f"]?.object ?? []).filter { $0.key != "rules" }
    if !rules.isEmpty { members.append(.init(key: "rules", value: .array(rules))) }
    parts.flags["f"] = .object(members)
    return parts
  }

  @Test("few rules are left undecided")
  func undecidedShare() throws {
    var (rules, undecided) = (0, 0)
    for seed in RandomEnvironment.seeds(300) {
      var random = RandomEnvironment(seed: seed &+ 90_000)
      let environment = try random.environment(random.parts())
      for rule in FlagAnalysis.analyze(in: environment).flatMap(\.rules) {
        rules += 1
        if case .undecided = rule.reachability { undecided += 1 }
      }
    }
    // Only regular expressions leave a rule undecided here; a third of all texts' tests could be some.
    #expect(rules > 50)
    #expect(undecided * 50 <= rules, "\(undecided) of \(rules)")
  }
}
