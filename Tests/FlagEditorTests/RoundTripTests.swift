import Ensign
import FlagSource
import SeededRandom
import Testing
import YAML

@testable import FlagEditor

/// A tree around one config, and what the validator makes of it.
struct Bench {
  static func config(_ bytes: [UInt8]) throws -> (config: EnvironmentConfig, tree: FlagsTree) {
    let files = MemoryFiles(bytes: [
      (
        Array("ensign.yaml".utf8),
        Array(
          """
          format: 1
          project: shop
          environments: [production]
          attributes: {country: {type: string}, company.id: {type: string}}

          """.utf8)
      ),
      (Array("definitions/flag.yaml".utf8), Array("type: boolean\noff: off\n".utf8)),
      (Array("definitions/other.yaml".utf8), Array("type: boolean\noff: off\n".utf8)),
      (Array("environments/production/flag.yaml".utf8), bytes),
    ])
    let validation = try Validation.run(files)
    let errors = validation.findings.filter { $0.level == .error }
    let text = String(decoding: bytes, as: UTF8.self)
    try #require(errors.isEmpty, "\(errors.map(\.message)) in \(text)")
    let tree = try #require(validation.tree)
    return (try #require(tree.config(of: "flag", in: "production")), tree)
  }

  /// How many lines of a file are gone, and how many are new.
  static func changedLines(_ before: [UInt8], _ after: [UInt8]) -> (removed: Int, added: Int) {
    let (old, new) = (lines(before), lines(after))
    let difference = new.difference(from: old)
    return (difference.removals.count, difference.insertions.count)
  }

  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0.last == 0x0D ? $0.dropLast() : $0) }
  }

  static func comments(_ bytes: [UInt8]) throws -> [String] {
    try String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .compactMap { try #/(?:^|\s)(#(?!2).*)$/#.firstMatch(in: $0).map { String($0.1) } }
  }
}

@Suite("Round trips")
struct RoundTripTests {
  @Test("of switching off and on restore the bytes and change one line", arguments: Effort.seeds(120))
  func switching(seed: UInt64) throws {
    var random = RandomConfig(seed: seed)
    let before = random.file()
    let off = try ConfigEditor.setEnabled(false, in: before)
    guard case .never = try Bench.config(off).config.enabled.value else { throw Failure("it is not off") }
    #expect(Bench.changedLines(before, off) == (1, 1))
    #expect(try Bench.comments(off) == Bench.comments(before))
    #expect(try ConfigEditor.setEnabled(false, in: off) == off)
    #expect(try ConfigEditor.setEnabled(true, in: off) == before)
  }

  @Test("of targeting restore the bytes and change one line or add some", arguments: Effort.seeds(120))
  func targeting(seed: UInt64) throws {
    var random = RandomConfig(seed: seed)
    let before = random.file()
    let new = try ConfigEditor.addTargets(["x9", "user@acme.example", "a1"], to: "on", in: before)
    let (config, _) = try Bench.config(new)
    let keys = config.targets.first { $0.variant.value == "on" }?.keys.map(\.value)
    #expect(keys == ["a1", "b2", "x9", "user@acme.example"])
    let (removed, added) = Bench.changedLines(before, new)
    #expect(removed <= 1 && added <= 3)
    #expect(try Bench.comments(new) == Bench.comments(before))
    #expect(try ConfigEditor.removeTargets(["user@acme.example", "x9"], from: nil, in: new) == before)
    // Changing sides.
    let moved = try ConfigEditor.addTargets(["b2"], to: "off", in: before)
    let (after, _) = try Bench.config(moved)
    let sides = after.targets.filter { $0.keys.contains { $0.value == "b2" } }.map(\.variant.value)
    #expect(sides == ["off"])
  }

  @Test("of a percentage restore what the file says, and change one or two lines", arguments: Effort.seeds(120))
  func percentages(seed: UInt64) throws {
    var random = RandomConfig(seed: seed)
    let before = random.file()
    let (config, _) = try Bench.config(before)
    let places: [(Rollout.Place, String?)] =
      [
        (.rule("split"), "on"), (.rule("one"), nil), (.otherwise, "on"),
      ] + (random.isFlow ? [] : [(.rule("shared"), nil), (.rule("ranges"), "off"), (.rule("shared"), "off")])
    for (place, variant) in places {
      let rollout = try Rollout(
        in: config, at: place, variant: variant, to: Percentage("37.5"), rest: "off", keepsUsers: false)
      let new = try rollout.edited(before)
      let (removed, added) = Bench.changedLines(before, new)
      #expect(removed <= 2 && added <= 3, "\(place)\n\(String(decoding: new, as: UTF8.self))")
      #expect(try Bench.comments(new) == Bench.comments(before))
      let (after, _) = try Bench.config(new)
      #expect(try Self.percentage(after, place, variant) == 37_500)
    }
  }

  static func percentage(
    _ config: EnvironmentConfig, _ place: Rollout.Place, _ variant: String?
  ) throws -> Int? {
    let rule: EnvironmentConfig.Rule?
    switch place {
    case .rule(let name): rule = config.rules.first { $0.name.value == name }
    case .otherwise: rule = nil
    }
    guard let variant else { return rule?.share?.percentage.value.buckets }
    return Allocation(rule?.serve.value ?? config.otherwise.value)?.buckets(of: variant)
  }

  struct Failure: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }
}

@Suite("Rolling out")
struct RolloutTests {
  /// A config whose `otherwise` is given.
  private func rollout(
    _ otherwise: String, _ variant: String, _ percent: String, ranges: Bool = false, type: String = "off"
  ) throws -> (text: String, rollout: Rollout) {
    let bytes = Array("enabled: true\notherwise: \(otherwise)\n".utf8)
    let (config, _) = try Bench.config(bytes)
    let rollout = try Rollout(
      in: config, at: .otherwise, variant: variant, to: Percentage(percent), rest: type, keepsUsers: ranges)
    let text = String(decoding: try rollout.edited(bytes), as: UTF8.self)
    return (String(text.dropFirst("enabled: true\notherwise: ".count).dropLast()), rollout)
  }

  @Test(
    "writes the smallest form",
    arguments: [
      ("off", "on", "25", false, "{split: {on: 25, off: 75}}"), ("off", "on", "100", false, "on"),
      ("\"off\"", "on", "100", false, "\"on\""), ("on", "on", "25", false, "{split: {on: 25, off: 75}}"),
      ("off", "on", "25", true, "{ranges: {on: [[75, 100]], off: [[0, 75]]}}"),
      ("{split: {on: 25, off: 75}}", "on", "100", false, "{split: {on: 100, off: 0}}"),
      ("{split: {on: 25, off: 75}}", "off", "50", true, "{ranges: {on: [[0, 25], [75, 100]], off: [[25, 75]]}}"),
      (
        "{ranges: {on: [[0, 10], [50, 60]], off: [[10, 50], [60, 100]]}}", "on", "30", false,
        "{ranges: {on: [[0, 10], [50, 60], [90, 100]], off: [[10, 50], [60, 90]]}}"
      ),
      (
        "{ranges: {on: [[0, 10], [50, 60]], off: [[10, 50], [60, 100]]}}", "on", "5", false,
        "{ranges: {on: [[0, 5]], off: [[5, 100]]}}"
      ),
      (
        "{split: {on: 0, off: 100}, by: company.id}", "on", "0.001", false,
        "{split: {on: 0.001, off: 99.999}, by: company.id}"
      ),
      ("{split: {on: 25.00, off: 75.0}}", "on", "25", false, "{split: {on: 25.00, off: 75.0}}"),
    ])
  func forms(_ before: String, _ variant: String, _ percent: String, _ ranges: Bool, _ after: String) throws {
    #expect(try rollout(before, variant, percent, ranges: ranges).text == after)
  }

  @Test("with ranges moves the fewest buckets that can, whatever was there", arguments: UInt64(0)..<40)
  func leastMoves(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var cuts = Set([0, 100_000])
    for _ in 0..<random.below(8) { cuts.insert(random.below(100_001)) }
    let bounds = cuts.sorted()
    let names = ["on", "off"]
    var lists: [String: [String]] = [:]
    for (from, to) in zip(bounds, bounds.dropFirst()) {
      lists[random.pick(names), default: []].append("[\(Percentage(buckets: from)), \(Percentage(buckets: to))]")
    }
    let text = names.compactMap { name in lists[name].map { "\(name): [\($0.joined(separator: ", "))]" } }
    let wanted = random.below(100_001)
    let bytes = Array("enabled: true\notherwise: {ranges: {\(text.joined(separator: ", "))}}\n".utf8)
    let (config, _) = try Bench.config(bytes)
    let old = try #require(Allocation(config.otherwise.value))
    let rollout = try Rollout(
      in: config, at: .otherwise, variant: "on", to: Percentage(buckets: wanted), rest: "off", keepsUsers: false)
    let (after, _) = try Bench.config(try rollout.edited(bytes))
    let new = try #require(Allocation(after.otherwise.value))
    #expect(new.buckets(of: "on") == wanted)
    // Counted bucket by bucket.
    let moved = zip(Self.buckets(old), Self.buckets(new)).count { $0 != $1 }
    #expect(moved == abs(wanted - old.buckets(of: "on")))
    #expect(rollout.moves == moved && rollout.leastMoves == moved)
  }

  private static func buckets(_ allocation: Allocation) -> [Bool] {
    allocation.intervals.flatMap { Array(repeating: $0.variant == "on", count: $0.to - $0.from) }
  }

  @Test("refuses what it cannot mean")
  func refusals() throws {
    let bytes = Array(
      """
      enabled: true
      rules:
        - {name: ramp, serve: {ramp: on, from: off, steps: [{at: 2026-12-01T09:00:00Z, percent: 5}]}}
        - {name: split, serve: {split: {on: 5, off: 95}}}
      otherwise: off

      """.utf8)
    let (config, _) = try Bench.config(bytes)
    let cases: [(Rollout.Place, String?, String)] = [
      (.rule("ramp"), "on", "a ramp serves here"), (.rule("split"), nil, "its share or of one of them"),
      (.otherwise, nil, "it has no share"), (.rule("splitt"), "on", "there is no rule 'splitt'"),
      (.otherwise, "off", "nothing says who gets the rest"),
    ]
    for (place, variant, reason) in cases {
      let error = #expect(throws: FlagEditError.self) {
        try Rollout(in: config, at: place, variant: variant, to: Percentage("50"), rest: "off", keepsUsers: false)
      }
      #expect(error?.message.contains(reason) == true, "\(reason)")
    }
  }
}
