internal import Ensign
internal import FlagImpact

/// The analysis behind a review: who moves, and which rules can ever decide.
struct ReviewBenchmark {
  private let rounds: Int
  private let seed: UInt64
  private static let moment = Timestamp(milliseconds: 1_790_000_000_000)

  /// Eight attributes of all orders and kinds.
  private static let attributes = [
    ("age", "integer"), ("appVersion", "version"), ("beta", "boolean"), ("cartTotal", "number"), ("country", "string"),
    ("email", "string"), ("groups", "list"), ("plan", "string"),
  ]

  init(_ options: Options) {
    rounds = options.rounds ?? 5
    seed = options.seed
  }

  /// Measures, and adds what it found.
  func run(into report: inout Report) throws {
    try measureLargeFlag(into: &report)
    try measurePathology(into: &report)
    try measureFanOut(into: &report)
  }

  // MARK: One flag of 30 rules

  private func measureLargeFlag(into report: inout Report) throws {
    var random = SplitMix64(seed: seed, part: 1)
    let rules = (0..<30).map { Self.rule($0, conditions: 3, &random) }
    let before = try Self.environment(["flag": Self.flag(rules)])
    var heavier = rules
    heavier[14] = Self.replacing("serve", Self.split(25), in: rules[14])
    var inserted = rules
    inserted.insert(Self.rule(30, conditions: 1, &random), at: 10)
    var reordered = rules
    reordered.swapAt(5, 20)
    let reweighted = rules.map { Self.replacing("serve", Self.split(55), in: $0) }
    let edits = [
      ("one rule's weights", heavier), ("a rule inserted", inserted), ("two rules swapped", reordered),
      ("all rules' weights", reweighted),
    ]
    for (name, rules) in edits {
      let after = try Self.environment(["flag": Self.flag(rules)])
      let impact = EnvironmentImpact.compare(before, after, at: Self.moment)
      guard let flag = impact.flags.first, flag.disagreements.isEmpty else { throw Failure("the evaluator disagrees") }
      let times = try inTurns(rounds) { try seconds { EnvironmentImpact.compare(before, after, at: Self.moment) } }
      report.add(
        "impact on 30 rules over 8 attributes, \(name)\(flag.isComplete ? "" : " (undecided)")",
        .seconds(median(times[0])), limit: .reviewFlag)
    }
    let times = try inTurns(rounds) { try seconds { FlagAnalysis.analyze(in: before) } }
    report.add("reachability of its rules", .seconds(median(times[0])))
  }

  /// Conditions that no order of questions makes easy.
  private func measurePathology(into report: inout Report) throws {
    var random = SplitMix64(seed: seed, part: 2)
    func flag() -> JSONValue {
      Self.flag(
        (0..<40).map { number in
          let members = (0..<6).map { _ in
            JSONValue.object([.init(key: "all", value: .array((0..<3).map { _ in Self.test(&random) }))])
          }
          return [
            "name": "r\(number)", "serve": number % 2 == 0 ? Self.split(50) : ["variant": "on"],
            "when": ["any": .array(members)],
          ]
        })
    }
    let before = try Self.environment(["flag": flag()])
    let after = try Self.environment(["flag": flag()])
    let impact = EnvironmentImpact.compare(before, after, at: Self.moment)
    guard let changed = impact.flags.first, !changed.isComplete, !changed.limitations.isEmpty else {
      throw Failure("the budget was not reached, or that was not said")
    }
    let times = try inTurns(rounds) { try seconds { EnvironmentImpact.compare(before, after, at: Self.moment) } }
    report.add("impact where the budget ends", .seconds(median(times[0])), limit: .reviewBudget)
    let analysis = try inTurns(rounds) { try seconds { FlagAnalysis.analyze(in: before) } }
    report.add("reachability where the budget ends", .seconds(median(analysis[0])), limit: .reviewBudget)
  }

  /// A changed segment that 500 of 10,000 flags use.
  private func measureFanOut(into report: inout Report) throws {
    var random = SplitMix64(seed: seed, part: 3)
    var flags: [String: JSONValue] = [:]
    for number in 0..<10_000 {
      var rules = (0..<3).map { Self.rule($0, conditions: 2, &random) }
      if number % 20 == 0 {
        rules[1] = Self.replacing("when", ["segment": ["beta"]], in: rules[1])
      }
      flags["flag-\(number)"] = Self.flag(rules)
    }
    func segment(_ domain: String, _ keys: Int) -> JSONValue {
      [
        "include": .array((0..<keys).map { .string("user-\(100_000 + $0)") }),
        "when": ["attribute": "email", "op": "endsWith", "values": [.string(domain)]],
      ]
    }
    let before = try Self.environment(flags, segments: ["beta": segment("@acme.example", 1000)])
    let after = try Self.environment(flags, segments: ["beta": segment("@acme.test", 1001)])
    let impact = EnvironmentImpact.compare(before, after, at: Self.moment)
    guard impact.flags.count == 500, impact.flags.allSatisfy({ $0.isComplete && $0.disagreements.isEmpty }) else {
      throw Failure("500 flags use the segment")
    }
    let times = try inTurns(
      rounds, { try seconds { EnvironmentImpact.compare(before, after, at: Self.moment) } },
      { try seconds { EnvironmentImpact.compare(before, before, at: Self.moment) } },
      { try seconds { FlagAnalysis.analyze(in: before) } })
    report.add("impact of a segment that 500 of 10,000 flags use", .seconds(median(times[0])), limit: .reviewSegment)
    report.add("comparison of 10,000 flags that did not change", .seconds(median(times[1])))
    report.add("reachability of the rules of 10,000 flags", .seconds(median(times[2])))
  }

  // MARK: Snapshots

  private static func environment(
    _ flags: [String: JSONValue], segments: [String: JSONValue] = [:]
  ) throws -> AnalyzedEnvironment {
    func object(_ members: [String: JSONValue]) -> JSONValue {
      .object(members.map { .init(key: $0.key, value: $0.value) })
    }
    var snapshot: [String: JSONValue] = [
      "attributes": .object(attributes.map { .init(key: $0.0, value: .string($0.1)) }), "environment": "production",
      "flags": object(flags), "format": 1, "minimumReader": 1, "project": "acme",
    ]
    if !segments.isEmpty { snapshot["segments"] = object(segments) }
    let bytes = object(snapshot).canonicalBytes
    return try AnalyzedEnvironment(bytes: bytes, snapshot: Snapshot(bytes))
  }

  private static func flag(_ rules: [JSONValue]) -> JSONValue {
    [
      "enabled": true, "off": "off", "otherwise": ["variant": "off"], "rules": .array(rules), "type": "boolean",
      "variants": ["off": false, "on": true],
    ]
  }

  private static func rule(_ number: Int, conditions: Int, _ random: inout SplitMix64) -> JSONValue {
    [
      "name": "r\(number)", "serve": number % 3 == 0 ? ["variant": "on"] : split(number),
      "when": conditions == 1 ? test(&random) : ["all": .array((0..<conditions).map { _ in test(&random) })],
    ]
  }

  private static func split(_ percent: Int) -> JSONValue {
    let cut = JSONValue.integer(Int64(min(max(percent, 1), 99) * 1000))
    return [
      "algorithm": "murmur3-100000", "by": "targetingKey", "ranges": [["on", 0, cut], ["off", cut, 100_000]],
      "seed": "flag",
    ]
  }

  private static func replacing(_ name: String, _ value: JSONValue, in rule: JSONValue) -> JSONValue {
    .object((rule.object ?? []).map { $0.key == name ? .init(key: name, value: value) : $0 })
  }

  private static func test(_ random: inout SplitMix64) -> JSONValue {
    let countries: [JSONValue] = ["CA", "DE", "FR", "GB", "NO", "US"]
    switch random.below(8) {
    case 0: return test("age", "atLeast", [.integer(Int64(random.below(8) * 10))])
    case 1: return test("appVersion", "atLeast", [.string("\(random.below(4)).\(random.below(5)).0")])
    case 2: return test("beta", "in", [true])
    case 3: return test("cartTotal", "greaterThan", [.integer(Int64(random.below(10) * 25))])
    case 4: return test("country", "in", Array(random.pick(2, of: countries)))
    case 5: return test("email", "endsWith", [.string("@\(random.pick(["acme", "partner", "test"])).example")])
    case 6: return test("groups", "includes", [.string(random.pick(["beta", "staff", "vip", "qa"]))])
    default: return test("plan", "in", [.string(random.pick(["free", "pro", "premium", "enterprise"]))])
    }
  }

  private static func test(_ attribute: String, _ operation: String, _ values: [JSONValue]) -> JSONValue {
    ["attribute": .string(attribute), "op": .string(operation), "values": .array(values)]
  }
}
