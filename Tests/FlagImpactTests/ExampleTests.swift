import Testing

@testable import Ensign
@testable import FlagCompiler
@testable import FlagImpact
@testable import FlagSource

/// The examples that the design of the review is explained with, from files as people write them.
@Suite("Examples of the plan")
struct ExampleTests {
  static let manifest = """
    format: 1
    project: acme-shop
    environments: [production]
    attributes:
      country: {type: string, values: [CA, DE, FR, GB, NO, US]}
      plan: {type: string, values: [enterprise, free, pro, premium]}
      appVersion: {type: version}
      email: {type: string}
      groups: {type: list}
      age: {type: integer}
    owners: {}
    """

  static let moment = Timestamp(milliseconds: 1_790_000_000_000)

  /// The production snapshot of a tree with one flag, `checkout-v2`, of variants on and off, or of others.
  static func environment(
    _ config: String, segments: [String: String] = [:], definition: String? = nil
  ) throws -> AnalyzedEnvironment {
    var files = [
      "ensign.yaml": manifest,
      "definitions/checkout-v2.yaml": definition ?? "type: boolean\noff: off\nkind: permission\n",
      "environments/production/checkout-v2.yaml": config,
    ]
    for (key, text) in segments { files["segments/\(key).yaml"] = text }
    let validation = try Validation.run(MemoryFiles(files.map { ($0.key, $0.value) }))
    let messages = validation.findings.map(\.message)
    let tree = try #require(validation.checked, "\(messages)")
    let compiled = try SnapshotCompiler.compileAndLoad(tree, environment: "production")
    return try AnalyzedEnvironment(bytes: compiled.bytes, snapshot: compiled.snapshot)
  }

  static func impact(_ before: AnalyzedEnvironment, _ after: AnalyzedEnvironment) throws -> FlagImpact {
    let impact = EnvironmentImpact.compare(before, after, at: moment)
    #expect(impact.flags.count == 1)
    let flag = try #require(impact.flags.first)
    #expect(flag.disagreements.isEmpty)
    #expect(flag.isComplete)
    return flag
  }

  /// The lines of a plan, without witnesses.
  static func lines(_ movements: [Movement]) -> [String] {
    movements.map { movement in
      let parts = movement.transitions.map { transition in
        "\(Percentage(buckets: transition.measure.buckets)) % move \(transition.before.variant) → \(transition.after.variant)"
      }
      return "\(movement.region.words):  \(parts.joined(separator: ", "))"
        + (movement.preemption.map { "  ⚠ rule \($0.rule) pre-empts rule \($0.preempted)" } ?? "")
    }
  }

  @Test("a rollout from 10 % to 25 % moves 15 % of those whom the rule is for")
  func rollout() throws {
    func config(_ percent: Int) -> String {
      """
      enabled: true
      rules:
        - name: eu-premium
          when:
            country: [DE, FR]
            plan: premium
            appVersion: {atLeast: 2.1.0}
          serve:
            split: {on: \(percent), off: \(100 - percent)}
      otherwise: off
      """
    }
    let impact = try Self.impact(try Self.environment(config(10)), try Self.environment(config(25)))
    #expect(
      Self.lines(impact.movements) == [
        "country is DE or FR, plan = premium, appVersion ≥ 2.1.0:  15 % move off → on"
      ])
    #expect(impact.verdict == .growsOnly)
    let transition = try #require(impact.movements.first?.transitions.first)
    #expect(transition.measure == .exact(15_000))
    #expect(transition.witness != nil)
    #expect(transition.before.decidedBy == .rule("eu-premium"))
    #expect(impact.excesses.isEmpty)
    #expect(impact.later.isEmpty)
  }

  @Test("a rule that is inserted before another one takes something away from those whom both are for")
  func preemption() throws {
    func config(_ inserted: String) -> String {
      """
      enabled: true
      rules:
      \(inserted)
        - name: uk-enterprise
          when: {country: GB, plan: enterprise}
          serve: {split: {on: 50, off: 50}}
      otherwise: off
      """
    }
    let inserted = "  - {name: gb, when: {country: GB}, serve: {split: {on: 25, off: 75}}}"
    let impact = try Self.impact(try Self.environment(config("")), try Self.environment(config(inserted)))
    #expect(
      Self.lines(impact.movements) == [
        "country = GB, plan = enterprise:  25 % move on → off  ⚠ rule gb pre-empts rule uk-enterprise",
        "country = GB, plan ≠ enterprise (or no plan):  25 % move off → on",
      ])
    #expect(impact.verdict == .mixed)
  }

  @Test("a re-weighting moves 20 % where 10 % suffice, and there are ranges that do not")
  func reweighting() throws {
    let definition =
      "type: string\nvariants: {a: A, b: B, c: C, off: none}\noff: off\nkind: experiment\nexpires: 2030-01-01\n"
    func config(_ serve: String) -> String { "enabled: true\notherwise: {\(serve)}\n" }
    let before = try Self.environment(config("split: {a: 10, b: 45, c: 45}"), definition: definition)
    let after = try Self.environment(config("split: {a: 20, b: 45, c: 35}"), definition: definition)
    let impact = try Self.impact(before, after)
    let excess = try #require(impact.excesses.first)
    #expect((excess.moved, excess.unavoidable) == (20_000, 10_000))
    #expect(excess.place == .otherwise)
    #expect(impact.movements.map(\.buckets) == [20_000])
    let allocation = Dictionary(grouping: excess.ranges, by: \.variant).sorted { $0.key < $1.key }.map {
      variant, ranges in
      let intervals = ranges.map { "[\(Percentage(buckets: $0.from)), \(Percentage(buckets: $0.to))]" }
      return "\(variant): [\(intervals.joined(separator: ", "))]"
    }
    let better = try Self.environment(config("ranges: {\(allocation.joined(separator: ", "))}"), definition: definition)
    let fixed = try Self.impact(before, better)
    #expect(fixed.excesses.isEmpty)
    #expect(fixed.movements.map(\.buckets) == [10_000])
  }

  @Test(
    "segments are named where that says the same in fewer words",
    arguments: [
      ("{segment: staff, plan: pro}", ["in segment staff, plan = pro:  15 % move off → on"]),
      ("{not: {segment: staff}}", ["not in segment staff:  15 % move off → on"]),
      (
        "{any: [{segment: staff}, {country: DE}]}",
        ["in segment staff:  15 % move off → on", "not in segment staff, country = DE:  15 % move off → on"]
      ),
      (
        "{any: [{segment: staff}, {all: [{segment: adults}, {country: DE}]}]}",
        [
          "in segment adults, not in segment staff, country = DE:  15 % move off → on",
          "in segment staff:  15 % move off → on",
        ]
      ),
      // One attribute is as clear as the segment.
      ("{segment: adults}", ["age ≥ 18:  15 % move off → on"]),
    ])
  func segments(_ condition: String, _ lines: [String]) throws {
    func config(_ percent: Int) -> String {
      "enabled: true\nrules:\n  - {name: a, when: \(condition), serve: {split: {on: \(percent), off: \(100 - percent)}}}\n"
        + "otherwise: off\n"
    }
    let segments = ["staff": Self.staff, "adults": "when: {age: {atLeast: 18}}\n"]
    let impact = try Self.impact(
      try Self.environment(config(10), segments: segments), try Self.environment(config(25), segments: segments))
    #expect(Self.lines(impact.movements) == lines)
  }

  @Test("who comes into a segment, and who leaves it")
  func changedSegment() throws {
    let config = "enabled: true\nrules:\n  - {name: a, when: {segment: staff}, serve: on}\notherwise: off\n"
    let impact = try Self.impact(
      try Self.environment(config, segments: ["staff": Self.staff]),
      try Self.environment(
        config,
        segments: ["staff": Self.staff.replacing("acme.example", with: "acme.test").replacing("user-9", with: "user-8")]
      ))
    #expect(
      Self.lines(impact.movements) == [
        "newly in segment staff:  100 % move off → on", "no longer in segment staff:  100 % move on → off",
      ])
  }

  /// A segment that takes many boxes of cells.
  private static let staff = """
    exclude: [user-9]
    when: {all: [{targetingKey: {exists: true}}, {any: [{email: {endsWith: "@acme.example"}}, {groups: {includes: staff}}]}]}

    """

  @Test("a group of many boxes is told by what decides for it")
  func decisions() throws {
    let parts =
      "{country: DE, plan: pro}, {age: {atLeast: 18}, groups: {includes: staff}}, {appVersion: {atLeast: 2.0.0}, age: {lessThan: 70}}, {email: {endsWith: \"@acme.example\"}}"
    func config(_ percent: Int, _ enabled: Bool = true) -> String {
      "enabled: \(enabled)\nrules:\n"
        + "  - {name: first, when: {country: [GB, US]}, serve: off}\n"
        + "  - {name: many, when: {any: [\(parts)]}, serve: {split: {on: \(percent), off: \(100 - percent)}}}\n"
        + "otherwise: off\n"
    }
    let old = try Self.environment(config(10))
    let heavier = try Self.impact(old, try Self.environment(config(25)))
    #expect(Self.lines(heavier.movements) == ["those for whom rule many decides:  15 % move off → on"])
    let enabled = try Self.impact(try Self.environment(config(10, false)), old)
    #expect(
      Self.lines(enabled.movements) == [
        "those for whom the flag was disabled and rule many decides now:  10 % move off → on"
      ])
  }

  @Test(
    "rewritings that change nothing are proven equivalent",
    arguments: [
      // Disjoint rules in another order.
      (
        "  - {name: a, when: {country: DE}, serve: on}\n  - {name: b, when: {country: FR}, serve: {split: {on: 5, off: 95}}}",
        "  - {name: b, when: {country: FR}, serve: {split: {on: 5, off: 95}}}\n  - {name: a, when: {country: DE}, serve: on}"
      ),
      // One rule as two.
      (
        "  - {name: a, when: {country: [DE, FR]}, serve: {split: {on: 5, off: 95}}}",
        "  - {name: a, when: {country: DE}, serve: {split: {on: 5, off: 95}}}\n  - {name: b, when: {country: FR}, serve: {split: {on: 5, off: 95}}}"
      ),
      // A segment and what it says.
      (
        "  - {name: a, when: {segment: staff}, serve: on}",
        "  - {name: a, when: {any: [{email: {endsWith: \"@acme.example\"}}, {groups: {includes: staff}}], targetingKey: {isNot: user-9}}, serve: on}"
      ),
      // Twice not.
      (
        "  - {name: a, when: {not: {any: [{not: {country: DE}}, {not: {plan: pro}}]}}, serve: on}",
        "  - {name: a, when: {country: DE, plan: pro}, serve: on}"
      ),
      // A rule that is never reached.
      (
        "  - {name: a, when: {age: {atLeast: 18}}, serve: on}",
        "  - {name: a, when: {age: {greaterThan: 17}}, serve: on}\n  - {name: b, when: {age: {is: 30}}, serve: off}"
      ),
      // Ends that exclude each other.
      (
        "  - {name: a, when: {all: [{email: {endsWith: a.example}}, {email: {endsWith: b.example}}]}, serve: on}",
        "  - {name: a, when: {all: [{age: {lessThan: 3}}, {age: {greaterThan: 3}}]}, serve: on}"
      ),
      // Versions that follow each other directly.
      (
        "  - {name: a, when: {appVersion: {greaterThan: 1.2.3}}, serve: on}",
        "  - {name: a, when: {appVersion: {atLeast: 1.2.4-0}}, serve: on}"
      ),
    ])
  func rewriting(_ before: String, _ after: String) throws {
    let staff = ["staff": Self.staff]
    func config(_ rules: String) -> String { "enabled: true\nrules:\n\(rules)\notherwise: off\n" }
    let old = try Self.environment(config(before), segments: staff)
    let new = try Self.environment(config(after), segments: staff)
    for (left, right) in [(old, new), (new, old)] {
      let impact = try Self.impact(left, right)
      #expect(impact.verdict == .equivalent)
      #expect(impact.movements.isEmpty)
      #expect(impact.later.isEmpty)
    }
  }
}
