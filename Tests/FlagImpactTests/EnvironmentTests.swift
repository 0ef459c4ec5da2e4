import Testing

@testable import Ensign
@testable import FlagImpact

@Suite("Impact on an environment")
struct EnvironmentTests {
  private static let moment = Timestamp(milliseconds: 1_790_000_000_000)

  private func environment(
    _ flags: [String: JSONValue], segments: [String: JSONValue] = [:]
  ) throws -> AnalyzedEnvironment {
    var members: [String: JSONValue] = [
      "attributes": ["age": "integer", "country": "string"], "environment": "production",
      "flags": .object(flags.map { .init(key: $0.key, value: $0.value) }), "format": 1, "minimumReader": 1,
      "project": "acme",
    ]
    if !segments.isEmpty { members["segments"] = .object(segments.map { .init(key: $0.key, value: $0.value) }) }
    let bytes = JSONValue.object(members.map { .init(key: $0.key, value: $0.value) }).canonicalBytes
    return try AnalyzedEnvironment(bytes: bytes, snapshot: Snapshot(bytes))
  }

  private func flag(
    _ members: [String: JSONValue] = [:], type: JSONValue = "boolean", variants: JSONValue = ["off": false, "on": true]
  ) -> JSONValue {
    var all: [String: JSONValue] = [
      "enabled": true, "off": "off", "otherwise": ["variant": "off"], "type": type, "variants": variants,
    ]
    all.merge(members) { $1 }
    return .object(all.map { .init(key: $0.key, value: $0.value) })
  }

  private func rule(_ when: JSONValue, _ variant: String = "on") -> JSONValue {
    ["name": "r", "serve": ["variant": .string(variant)], "when": when]
  }

  private let germans: JSONValue = ["attribute": "country", "op": "in", "values": ["DE"]]

  @Test("a changed segment reaches the flags that use it, through segments and prerequisites too")
  func fanOut() throws {
    let flags = [
      "a": flag(["rules": [rule(["segment": ["outer"]])]]),
      "b": flag(["otherwise": ["variant": "on"], "requires": [["flag": "a", "variants": ["on"]]]]),
      "c": flag(["rules": [rule(germans)]]),
      // It uses the segment, and nobody notices: an earlier rule decides for all.
      "d": flag(["rules": [["name": "all", "serve": ["variant": "on"]], rule(["segment": ["inner"]], "off")]]),
    ]
    func segments(_ country: String) -> [String: JSONValue] {
      [
        "inner": ["when": ["attribute": "country", "op": "in", "values": [.string(country)]]],
        "outer": ["when": ["segment": ["inner"]]],
      ]
    }
    let impact = EnvironmentImpact.compare(
      try environment(flags, segments: segments("FR")), try environment(flags, segments: segments("US")),
      at: Self.moment)
    #expect(impact.flags.map(\.key) == ["a", "b", "d"])
    #expect(impact.untouched == 1)
    #expect(impact.flags.map(\.verdict) == [.mixed, .mixed, .equivalent])
    #expect(impact.flags.map(\.change) == [.none, .none, .none])
    #expect(impact.flags.allSatisfy { $0.changedSegments == ["inner"] && $0.disagreements.isEmpty })
    #expect(impact.segments == [.init(key: "inner", flags: ["a", "b", "d"])])
    #expect(impact.flags[1].movements.map(\.region.words) == ["country = FR", "country = US"])
  }

  @Test("flags come, go and change their type")
  func lifecycle() throws {
    let on = flag(["otherwise": ["variant": "on"]])
    let before = try environment(["gone": on, "retyped": on, "same": on, "revalued": flag()])
    let after = try environment([
      "new": flag(["rules": [rule(germans)]]), "same": on,
      "retyped": flag(["otherwise": ["variant": "on"]], type: "string", variants: ["off": "no", "on": "yes"]),
      "revalued": flag(variants: ["off": true, "on": true]),
    ])
    let impact = EnvironmentImpact.compare(before, after, at: Self.moment)
    #expect(impact.flags.map(\.key) == ["gone", "new", "retyped", "revalued"])
    #expect(
      impact.flags.map(\.change) == [.removed, .added, .retyped(from: .boolean, to: .string), .edited])
    #expect(impact.flags.map(\.verdict) == [.shrinksOnly, .growsOnly, .mixed, .mixed])
    #expect(impact.flags[1].movements.map(\.region.words) == ["country = DE"])
    #expect(impact.flags[3].movements.first?.transitions.first?.changesValueOnly == true)
    #expect(impact.flags.allSatisfy { $0.disagreements.isEmpty && $0.isComplete })
  }

  @Test("a linear ramp grows, and says that it was looked at on its way")
  func linearRamp() throws {
    let ramp: JSONValue = [
      "algorithm": "murmur3-100000", "by": "targetingKey",
      "ramp": [
        "from": "off", "shape": "linear",
        "steps": [
          [.integer(Self.moment.milliseconds + 1_000_000), 0],
          [.integer(Self.moment.milliseconds + 9_000_000), 100_000],
        ],
        "variant": "on",
      ], "seed": "f",
    ]
    let impact = EnvironmentImpact.compare(
      try environment(["f": flag()]), try environment(["f": flag(["otherwise": ramp])]), at: Self.moment)
    let flag = try #require(impact.flags.first)
    #expect(flag.movements.isEmpty)
    #expect(flag.verdict == .growsOnly)
    #expect(flag.later.map(\.isSampled) == [true, false])
    #expect(flag.later.last?.movements.first?.buckets == 100_000)
    #expect(flag.disagreements.isEmpty && flag.isComplete)
  }

  @Test("a population is counted by the evaluator")
  func population() throws {
    let before = try environment(["f": flag()])
    let after = try environment(["f": flag(["rules": [rule(germans)]])])
    let impact = EnvironmentImpact.compare(before, after, at: Self.moment)
    let contexts: [Context] = [["country": "DE"], ["country": "FR"], ["country": "DE", "age": 3], [:]]
    let counts = impact.count(contexts, before, after, at: Self.moment)
    #expect(counts == [PopulationCount(key: "f", total: 4, transitions: [.init(before: "off", after: "on", count: 2)])])
  }

  @Test("few named values are hashed, not spread over buckets")
  func namedValues() throws {
    func split(_ cut: Int64) -> JSONValue {
      [
        "algorithm": "murmur3-100000", "by": "country",
        "ranges": [["on", 0, .integer(cut)], ["off", .integer(cut), 100_000]],
        "seed": "f",
      ]
    }
    func flags(_ cut: Int64) -> JSONValue { flag(["rules": [["name": "r", "serve": split(cut), "when": germans]]]) }
    let bucket = Int64(Bucketing.serve(seed: "f", value: "DE"))
    let before = try environment(["f": flags(10)])
    // All of those whom the rule is for have one bucket: none of them moves until the split reaches it.
    let short = EnvironmentImpact.compare(before, try environment(["f": flags(bucket)]), at: Self.moment)
    #expect(short.verdict == .equivalent)
    let long = EnvironmentImpact.compare(before, try environment(["f": flags(bucket + 1)]), at: Self.moment)
    #expect(long.verdict == .growsOnly)
    #expect(long.flags.first?.disagreements.isEmpty == true)
  }

  @Test("a text in any case has more spellings than are tried, so nothing is proven by trying some")
  func spellings() throws {
    func flags(_ served: String) -> JSONValue {
      let bucket = Int64(Bucketing.serve(seed: "f", value: "de"))
      // All buckets but the one of the plainest spelling.
      let ranges: JSONValue = [
        [.string(served), 0, .integer(bucket)], ["off", .integer(bucket), .integer(bucket + 1)],
        [.string(served), .integer(bucket + 1), 100_000],
      ]
      let serve: JSONValue =
        served == "off"
        ? ["variant": "off"] : ["algorithm": "murmur3-100000", "by": "country", "ranges": ranges, "seed": "f"]
      let when: JSONValue = ["attribute": "country", "ignoreCase": true, "op": "in", "values": ["de"]]
      return self.flag(["rules": [["name": "r", "serve": serve, "when": when]]])
    }
    let impact = EnvironmentImpact.compare(
      try environment(["f": flags("off")]), try environment(["f": flags("on")]), at: Self.moment)
    #expect(impact.verdict == .growsOnly)
    #expect(impact.flags.first?.disagreements.isEmpty == true)
  }

  @Test("as many buckets elsewhere are another movement")
  func sameNumbers() throws {
    func flags(_ isOn: Bool) -> JSONValue {
      func rule(_ country: String, _ from: Int64) -> JSONValue {
        let ranges: JSONValue =
          from == 0
          ? [["on", 0, 100], ["off", 100, 100_000]]
          : [
            ["off", 0, .integer(from)], ["on", .integer(from), .integer(from + 100)],
            ["off", .integer(from + 100), 100_000],
          ]
        return [
          "name": .string(country),
          "serve": isOn
            ? ["algorithm": "murmur3-100000", "by": "targetingKey", "ranges": ranges, "seed": "f"] : ["variant": "off"],
          "when": ["attribute": "country", "op": "in", "values": [.string(country)]],
        ]
      }
      return self.flag(["rules": [rule("DE", 0), rule("FR", 50_000)]])
    }
    let impact = EnvironmentImpact.compare(
      try environment(["f": flags(false)]), try environment(["f": flags(true)]), at: Self.moment)
    let found = try #require(impact.flags.first)
    #expect(found.disagreements.isEmpty)
    #expect(found.movements.map(\.region.words) == ["country = DE", "country = FR"])
    #expect(found.movements.flatMap(\.transitions).allSatisfy { $0.measure == .exact(100) && $0.witness != nil })
  }

  @Test("a flag of very many rules is analysed, one of too many refused with a sentence")
  func manyRules() throws {
    func flags(_ count: Int, _ last: String) -> JSONValue {
      let rules = (0..<count).map { number -> JSONValue in
        [
          "name": .string("r\(number)"), "serve": ["variant": .string(number == count - 1 ? last : "on")],
          "when": ["attribute": "age", "op": "in", "values": [.integer(Int64(number))]],
        ]
      }
      return flag(["rules": .array(rules)])
    }
    let most = 400
    let many = EnvironmentImpact.compare(
      try environment(["f": flags(most, "on")]), try environment(["f": flags(most, "off")]), at: Self.moment)
    #expect(many.flags.first?.movements.map(\.region.words) == ["age = \(most - 1)"])
    #expect(many.verdict == .shrinksOnly)
    let tooMany = FlagComparison.maximumRules / 2 + 1
    let excess = EnvironmentImpact.compare(
      try environment(["f": flags(tooMany, "on")]), try environment(["f": flags(tooMany, "off")]), at: Self.moment)
    #expect(excess.verdict == .undecided)
    #expect(excess.flags.first?.limitations.count == 1)
  }
}
