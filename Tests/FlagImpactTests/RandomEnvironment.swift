import SeededRandom

@testable import Ensign
@testable import FlagImpact

/// Snapshots at random, in pairs that differ in a few places, from few values, so that conditions meet.
struct RandomEnvironment {
  var random: SplitMix64
  /// The attributes in use, up to six, with their types.
  let attributes: [(name: String, type: String)]
  /// How many hashes there may be beside each other.
  let seeds: [String]
  private let usesTime: Bool

  /// The seeds of half as many random environments when everything is tested, of a tenth of them otherwise.
  ///
  /// `ENSIGN_TEST_THOROUGHLY=2` asks for all of them, 100 for fifty times as many.
  static func seeds(_ count: Int) -> Range<UInt64> {
    0..<UInt64(Effort.asked.map { count * $0 / 2 } ?? count / 10)
  }

  static let moment: Int64 = 5000

  static let all: [(name: String, type: String)] = [
    ("country", "string"), ("email", "string"), ("plan", "string"), ("age", "integer"), ("score", "number"),
    ("beta", "boolean"), ("groups", "list"), ("version", "version"), ("ip", "ip"), ("signedUpAt", "timestamp"),
  ]

  init(seed: UInt64, usesTime: Bool? = nil) {
    random = SplitMix64(seed: seed &* 7919 &+ 13)
    var pool = Self.all
    var attributes: [(String, String)] = []
    for _ in 0..<2 + random.below(4) { attributes.append(pool.remove(at: random.below(pool.count))) }
    self.attributes = attributes.map { (name: $0.0, type: $0.1) } + [("targetingKey", "string")]
    seeds = random.oneIn(2) ? ["s"] : ["s", "t"]
    let isTimed = random.oneIn(3)
    self.usesTime = usesTime ?? isTimed
  }

  // MARK: Values

  static func pool(_ attribute: String, _ type: String) -> [JSONValue] {
    switch type {
    case "integer": return [-1, 0, 17, 18, 19, 65]
    case "number": return [-0.5, 0, 0.5, 1, 18, 1e300]
    case "boolean": return [true, false]
    case "list": return ["a", "b", "beta", "staff", "é", "e\u{301}"]
    case "version": return ["1.0.0", "1.0.0-alpha", "1.0.0-alpha.0", "1.0.1-0", "1.0.1", "1.10.0", "2.0.0"]
    case "timestamp": return [0, 1, 1000, 86_400_000]
    case "ip": return ["10.0.0.1", "10.0.0.2", "10.200.0.1", "192.0.2.7", "::1", "2001:db8::7"]
    default:
      switch attribute {
      case "country": return ["DE", "FR", "GB", "US", "de"]
      case "plan": return ["free", "pro", "premium", "PRO", "ſtar", "star", "kelvin", "\u{212A}elvin"]
      case "targetingKey": return ["user-1", "user-2", "user-3", "", "日本"]
      default: return ["ann@acme.example", "ANN@acme.example", "@acme.example", "acme", "ac", "ab", "", "aba"]
      }
    }
  }

  private mutating func some(_ values: [JSONValue]) -> [JSONValue] {
    var chosen: [JSONValue] = []
    for _ in 0...random.below(3) {
      let value = random.pick(values)
      if !chosen.contains(where: { $0.canonicalBytes == value.canonicalBytes }) { chosen.append(value) }
    }
    return chosen
  }

  private static func object(_ members: [(String, JSONValue?)]) -> JSONValue {
    .object(members.compactMap { key, value in value.map { .init(key: key, value: $0) } })
  }

  // MARK: Snapshots

  /// The parts of a snapshot that a change may touch.
  struct Parts {
    var flags: [String: JSONValue]
    var segments: [String: JSONValue]
  }

  /// The snapshot's bytes.
  func bytes(_ parts: Parts) -> [UInt8] {
    let declared = attributes.filter { $0.name != "targetingKey" }
    return Self.object([
      ("attributes", declared.isEmpty ? nil : Self.object(declared.map { ($0.name, .string($0.type)) })),
      ("environment", "production"), ("flags", Self.object(parts.flags.map { ($0.key, $0.value) })), ("format", 1),
      ("minimumReader", 1), ("project", "acme"),
      ("segments", parts.segments.isEmpty ? nil : Self.object(parts.segments.map { ($0.key, $0.value) })),
    ]).canonicalBytes
  }

  func environment(_ parts: Parts) throws -> AnalyzedEnvironment {
    let bytes = bytes(parts)
    return try AnalyzedEnvironment(bytes: bytes, snapshot: Snapshot(bytes))
  }

  mutating func parts() -> Parts {
    var parts = Parts(flags: [:], segments: [:])
    parts.segments["s0"] = segment(inner: false)
    parts.segments["s1"] = segment(inner: true)
    parts.flags["f"] = flag(requiring: random.oneIn(3) ? "p" : nil, rules: 1 + random.below(4))
    parts.flags["p"] = flag(requiring: nil, rules: random.below(3))
    return parts
  }

  /// The parts with a few things changed.
  mutating func edited(_ parts: Parts) -> Parts {
    var parts = parts
    if random.oneIn(5) { return self.parts() }
    for _ in 0...random.below(2) {
      switch random.below(8) {
      case 0: parts.segments["s0"] = segment(inner: false)
      case 1: parts.segments["s1"] = segment(inner: true)
      case 2: parts.flags["p"] = flag(requiring: nil, rules: random.below(3))
      default: parts.flags["f"] = edited(parts.flags["f"] ?? .null)
      }
    }
    return parts
  }

  private mutating func edited(_ flag: JSONValue) -> JSONValue {
    var members = flag.object ?? []
    var rules = flag["rules"]?.array ?? []
    switch random.below(6) {
    case 0 where !rules.isEmpty: rules.remove(at: random.below(rules.count))
    case 1, 2: rules.insert(rule(name: "new"), at: random.below(rules.count + 1))
    case 3 where rules.count > 1: rules.swapAt(0, rules.count - 1)
    case 4:
      let serve = serve()
      members = members.map { $0.key == "otherwise" ? .init(key: $0.key, value: serve) : $0 }
    default:
      if !rules.isEmpty {
        let index = random.below(rules.count)
        rules[index] = rule(name: rules[index]["name"]?.string ?? "r")
      }
    }
    var names: Set<String> = []
    rules = rules.filter { names.insert($0["name"]?.string ?? "").inserted }
    members.removeAll { $0.key == "rules" }
    if !rules.isEmpty { members.append(.init(key: "rules", value: .array(rules))) }
    return .object(members)
  }

  private mutating func segment(inner: Bool) -> JSONValue {
    let keys = Self.pool("targetingKey", "string")
    return Self.object([
      ("exclude", random.oneIn(3) ? .array(some(keys)) : nil), ("include", random.oneIn(2) ? .array(some(keys)) : nil),
      ("when", random.oneIn(4) ? nil : condition(depth: 1, segments: inner ? ["s0"] : [])),
    ])
  }

  private static let variants = ["off", "on", "other"]

  mutating func flag(requiring other: String?, rules count: Int) -> JSONValue {
    let rules = (0..<count).map { rule(name: "r\($0)") }
    var targets: JSONValue?
    if random.oneIn(4) {
      targets = .array([
        Self.object([("keys", ["user-1", "日本"]), ("variant", "on")]),
        Self.object([("keys", ["user-2"]), ("variant", "off")]),
      ])
    }
    let enabled: JSONValue =
      !usesTime || random.oneIn(2)
      ? .boolean(!random.oneIn(12)) : random.pick([["from": 4000], ["from": 6000, "until": 9000]])
    return Self.object([
      ("enabled", enabled), ("off", "off"), ("otherwise", serve()),
      ("requires", other.map { [["flag": .string($0), "variants": .array(some(["on", "off"]))]] }),
      ("rules", rules.isEmpty ? nil : .array(rules)), ("targets", targets), ("type", "string"),
      ("variants", Self.object(Self.variants.map { ($0, .string("value \($0)")) })),
    ])
  }

  private mutating func by() -> String {
    let others = attributes.map(\.name) + (usesTime ? ["now"] : [])
    return random.oneIn(4) ? random.pick(others) : "targetingKey"
  }

  private mutating func rule(name: String) -> JSONValue {
    var share: JSONValue?
    if random.oneIn(4) {
      share = [
        "algorithm": "murmur3-100000",
        "buckets": .integer(random.pick([0, random.oneIn(5) ? 1 : 1000, 20_000, 95_000])), "by": .string(by()),
        "seed": .string(random.pick(seeds)),
      ]
    }
    return Self.object([
      ("name", .string(name)), ("serve", serve()), ("share", share),
      ("when", random.oneIn(7) ? nil : condition(depth: 2, segments: ["s0", "s1"])),
    ])
  }

  private mutating func serve() -> JSONValue {
    switch random.below(5) {
    case 0, 1:
      let cut = random.pick([10_000, 25_000, 50_000] as [Int64])
      // One bucket alone takes long to be found.
      let last: Int64 = random.oneIn(12) ? 99_999 : 90_000
      var variants = Self.variants.shuffled(using: &random)
      if random.oneIn(3) { variants[2] = variants[0] }
      return [
        "algorithm": "murmur3-100000", "by": .string(by()),
        "ranges": [
          [.string(variants[0]), 0, .integer(cut)], [.string(variants[1]), .integer(cut), .integer(last)],
          [.string(variants[2]), .integer(last), 100_000],
        ], "seed": .string(random.pick(seeds)),
      ]
    case 2 where usesTime:
      return [
        "algorithm": "murmur3-100000", "by": .string(by()),
        "ramp": [
          "from": .string(random.pick(Self.variants)), "shape": .string(random.pick(["linear", "step"])),
          "steps": .array(
            random.pick([[[1000, 5000], [7000, 50_000]], [[4000, 0], [6000, 100_000], [8000, 100_000]]])),
          "variant": .string(random.pick(Self.variants)),
        ], "seed": .string(random.pick(seeds)),
      ]
    default: return ["variant": .string(random.pick(Self.variants))]
    }
  }

  mutating func condition(depth: Int, segments: [String]) -> JSONValue {
    switch random.below(depth > 0 ? 10 : 6) {
    case 5 where !segments.isEmpty: return ["segment": .array(some(segments.map(JSONValue.string)))]
    case 6, 7: return ["all": .array((0..<2).map { _ in condition(depth: depth - 1, segments: segments) })]
    case 8: return ["any": .array((0..<2).map { _ in condition(depth: depth - 1, segments: segments) })]
    case 9: return ["not": condition(depth: depth - 1, segments: segments)]
    default: return test()
    }
  }

  private mutating func test() -> JSONValue {
    let (name, typeName) = usesTime && random.oneIn(6) ? ("now", "timestamp") : random.pick(attributes)
    let type = AttributeType.allCases.first { $0.name == typeName } ?? .string
    let operation = random.pick(ConditionOperator.allCases.filter { $0.applies(to: type) })
    let ignoresCase = type == .string && operation.takesValues && random.oneIn(3)
    var values: [JSONValue]?
    if operation.takesValues {
      var operands = some(name == "now" ? [4000, 5000, 6000] : Self.pool(name, typeName))
      if operation == .within { operands = some(["10.0.0.0/8", "10.0.0.0/31", "0.0.0.0/0", "2001:db8::/32", "::/0"]) }
      if operation == .matches { operands = [random.pick(["^a", "acme$", "a.*b|x", "[[:digit:]]+", "^ab?a$"])] }
      if ignoresCase, operation != .matches { operands = operands.map { .string(CaseFolding.fold($0.string ?? "")) } }
      var unique: [JSONValue] = []
      for operand in operands where !unique.contains(where: { $0.canonicalBytes == operand.canonicalBytes }) {
        unique.append(operand)
      }
      values = Array(unique.prefix(operation.takesMany ? 3 : 1))
    }
    return Self.object([
      ("attribute", .string(name)), ("ignoreCase", ignoresCase ? true : nil), ("op", .string(operation.rawValue)),
      ("values", values.map(JSONValue.array)),
    ])
  }

  // MARK: Contexts

  /// A context of values near those that conditions name, and of others.
  mutating func context() -> Context {
    var members: [(String, Context.Value)] = []
    for (name, type) in attributes where !random.oneIn(6) {
      members.append((name, value(name, random.oneIn(12) ? random.pick(Self.all).type : type)))
    }
    var context = Context(attributes: members)
    context.now = Timestamp(milliseconds: Self.moment)
    return context
  }

  private mutating func value(_ name: String, _ type: String) -> Context.Value {
    let pooled = random.pick(Self.pool(name, type))
    switch type {
    case "integer":
      let integer = (pooled.integer ?? 0) + Int64(random.below(3) - 1)
      return random.oneIn(4) ? .number(Double(integer)) : .integer(integer)
    case "number":
      if random.oneIn(3) { return .integer(Int64(random.below(30) - 2)) }
      return .number(random.pick([pooled.number ?? 0, (pooled.number ?? 0).nextUp, .nan, -.infinity, -0.0]))
    case "boolean": return .boolean(random.oneIn(2))
    case "list":
      let pool = Self.pool(name, type).compactMap(\.string) + ["zzz"]
      return .list((0..<random.below(4)).map { _ in random.pick(pool) })
    case "version": return .string((pooled.string ?? "") + random.pick(["", "", "+b", ".1", "-x"]))
    case "timestamp":
      let instant = Timestamp(milliseconds: (pooled.integer ?? 0) + Int64(random.below(3) - 1))
      return random.oneIn(2) ? .timestamp(instant) : .string(instant.description)
    case "ip": return .string(random.pick([pooled.string ?? "", "9.255.255.255", "11.0.0.0", "::", "10.0.0.3", "x"]))
    default:
      let text = pooled.string ?? ""
      switch random.below(6) {
      case 0: return .string(text.uppercased())
      case 1: return .string(text + text)
      case 2: return .string("a" + text)
      case 3: return .string(text + "b")
      default: return .string(text)
      }
    }
  }
}
