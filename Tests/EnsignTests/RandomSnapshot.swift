import SeededRandom

@testable import Ensign

/// Snapshots and contexts at random, from few values, so that they meet.
struct RandomSnapshot {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  static let attributes = [
    "age": "integer", "beta": "boolean", "company.id": "string", "email": "string", "groups": "list", "ip": "ip",
    "score": "number", "signedUpAt": "timestamp", "version": "version",
  ]
  static let keys = (0..<8).map { "user-\($0)" }
  static let texts = ["", "a", "A", "acme", "ACME", "acme.example", "ann@acme.example", "Ä", "ä", "日本", "x\"y"]
  static let versions = ["1.0.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-beta.2", "1.0.0-beta.11", "1.10.0", "2.0.0"]
  static let addresses = ["10.0.0.1", "10.200.0.1", "192.0.2.7", "::1", "2001:db8::7", "2001:db8:8000::1", "0.0.0.0"]
  static let networks = [
    "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/9", "10.0.0.1/32", "2001:db8::/33", "::/0", "192.0.2.0/24",
  ]
  static let instants: [Int64] = [0, 1000, 1001, 86_400_000, 1_796_115_600_000, -1]
  static let now: [Int64] = [0, 999, 1000, 1500, 1999, 2000, 3000, 86_400_000]

  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &random)]
  }

  private mutating func some<Element: Hashable>(_ elements: [Element]) -> [Element] {
    var chosen: [Element] = []
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let element = pick(elements)
      if !chosen.contains(element) { chosen.append(element) }
    }
    return chosen
  }

  private static func object(_ members: [(String, JSONValue?)]) -> JSONValue {
    .object(members.compactMap { key, value in value.map { .init(key: key, value: $0) } })
  }

  private static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

  // MARK: Snapshots

  mutating func snapshot() -> JSONValue {
    let segments = (0..<4).map { index in ("s\(index)", segment(index)) }
    let flags = (0..<6).map { index in ("f\(index)", flag(index)) }
    return Self.object([
      ("attributes", Self.object(Self.attributes.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
      ("environment", "production"), ("flags", Self.object(flags)), ("format", .integer(1)),
      ("minimumReader", .integer(1)), ("private", Self.strings(["email"])), ("project", "acme"),
      ("segments", Self.object(segments)),
    ])
  }

  private mutating func segment(_ index: Int) -> JSONValue {
    Self.object([
      ("exclude", chance(30) ? Self.strings(some(Self.keys)) : nil),
      ("include", chance(50) ? Self.strings(some(Self.keys)) : nil),
      ("when", chance(70) ? condition(depth: 2, segments: index) : nil),
    ])
  }

  private mutating func flag(_ index: Int) -> JSONValue {
    let variants = ["off", "on", "other"]
    var requires: JSONValue?
    if index > 0, chance(30) {
      let flag = "f\(Int.random(in: 0..<index, using: &random))"
      requires = .array([Self.object([("flag", .string(flag)), ("variants", Self.strings(some(variants)))])])
    }
    var targets: JSONValue?
    if chance(30) {
      let keys = some(Self.keys)
      targets = .array([Self.object([("keys", Self.strings(keys)), ("variant", .string(pick(variants)))])])
    }
    let rules = (0..<Int.random(in: 0...4, using: &random)).map { rule($0, variants) }
    return Self.object([
      ("enabled", enabled()), ("metadata", Self.object([("kind", "release"), ("tags", Self.strings(["a", "b"]))])),
      ("off", .string(pick(variants))), ("otherwise", serve(variants)), ("requires", requires),
      ("rules", rules.isEmpty ? nil : .array(rules)), ("targets", targets), ("type", "string"),
      ("variants", Self.object(variants.map { ($0, .string("value \($0)")) })),
    ])
  }

  private mutating func enabled() -> JSONValue {
    switch Int.random(in: 0..<10, using: &random) {
    case 0: .boolean(false)
    case 1: Self.object([("from", .integer(1000)), ("until", .integer(2000))])
    case 2: Self.object([("until", .integer(pick([1000, 2000])))])
    case 3: Self.object([("from", .integer(pick([1000, 2000])))])
    default: .boolean(true)
    }
  }

  private mutating func rule(_ index: Int, _ variants: [String]) -> JSONValue {
    var share: JSONValue?
    if chance(30) {
      share = Self.object([
        ("algorithm", .string(Bucketing.algorithm)), ("buckets", .integer(pick([0, 1, 20_000, 99_999]))),
        ("by", .string(by())), ("seed", "share"),
      ])
    }
    return Self.object([
      ("name", .string("r\(index)")), ("serve", serve(variants)), ("share", share),
      ("when", chance(85) ? condition(depth: 3, segments: 4) : nil),
    ])
  }

  private mutating func by() -> String {
    pick(["targetingKey", "targetingKey", "company.id", "age", "beta", "score", "now"])
  }

  private mutating func serve(_ variants: [String]) -> JSONValue {
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      hashed("ranges", .array([range("on", 0, 25_000), range("other", 25_000, 99_999), range("off", 99_999, 100_000)]))
    case 1:
      hashed(
        "ramp",
        Self.object([
          ("from", .string(pick(variants))), ("shape", .string(pick(["linear", "step"]))),
          ("steps", .array([step(1000, 5000), step(2000, 50_000), step(3000, 50_001)])),
          ("variant", .string(pick(variants))),
        ]))
    default: Self.object([("variant", .string(pick(variants)))])
    }
  }

  private func range(_ variant: String, _ from: Int64, _ to: Int64) -> JSONValue {
    .array([.string(variant), .integer(from), .integer(to)])
  }

  private func step(_ at: Int64, _ buckets: Int64) -> JSONValue { .array([.integer(at), .integer(buckets)]) }

  private mutating func hashed(_ form: String, _ value: JSONValue) -> JSONValue {
    Self.object([
      ("algorithm", .string(Bucketing.algorithm)), ("by", .string(by())), (form, value),
      ("seed", .string(pick(["s", "t/u"]))),
    ])
  }

  private mutating func condition(depth: Int, segments: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &random) {
    case 7: return Self.object([("all", .array((0..<2).map { _ in condition(depth: depth - 1, segments: segments) }))])
    case 8: return Self.object([("any", .array((0..<3).map { _ in condition(depth: depth - 1, segments: segments) }))])
    case 9: return Self.object([("not", condition(depth: depth - 1, segments: segments))])
    case 6 where segments > 0:
      return Self.object([("segment", Self.strings(some((0..<segments).map { "s\($0)" })))])
    default: return test()
    }
  }

  private mutating func test() -> JSONValue {
    let name = pick(Self.attributes.keys.sorted() + ["targetingKey", "now"])
    let typeName = name == "targetingKey" ? "string" : name == "now" ? "timestamp" : Self.attributes[name] ?? ""
    let type = AttributeType.allCases.first { $0.name == typeName } ?? .string
    let op = pick(ConditionOperator.allCases.filter { $0.applies(to: type) })
    let ignoreCase = type == .string && op.takesValues && chance(30)
    let members: [(String, JSONValue?)] = [
      ("attribute", .string(name)), ("ignoreCase", ignoreCase ? .boolean(true) : nil), ("op", .string(op.rawValue)),
    ]
    guard op.takesValues else { return Self.object(members) }
    var values = operands(type, op)
    if ignoreCase, op != .matches { values = values.map { .string(($0.string ?? "").lowercased()) } }
    var unique: [JSONValue] = []
    for value in values.prefix(op.takesMany ? 3 : 1) where !unique.contains(value) { unique.append(value) }
    return Self.object(members + [("values", .array(unique))])
  }

  private mutating func operands(_ type: AttributeType, _ op: ConditionOperator) -> [JSONValue] {
    switch type {
    case .string where op == .matches: [.string(pick(["^a", "acme$", "a.m", "[[:digit:]]+", "Ä|日"]))]
    case .string, .list: some(Self.texts + Self.keys).map(JSONValue.string)
    case .integer: some([-1, 0, 1, 30, 9_007_199_254_740_991]).map(JSONValue.integer)
    case .number: some([-0.5, 0, 1, 30, 1e300]).map(JSONValue.number)
    case .boolean: some([true, false]).map(JSONValue.boolean)
    case .version: some(Self.versions).map(JSONValue.string)
    case .timestamp: some(Self.instants).map(JSONValue.integer)
    case .ip: some(op == .within ? Self.networks : Self.addresses).map(JSONValue.string)
    }
  }

  // MARK: Contexts

  mutating func context() -> Context {
    var attributes: [(String, Context.Value)] = []
    if chance(90) { attributes.append(("targetingKey", .string(pick(Self.keys + ["", "日本"])))) }
    for name in Self.attributes.keys.sorted() where chance(75) {
      let type = chance(85) ? Self.attributes[name] ?? "" : pick(Array(Self.attributes.values).sorted())
      attributes.append((name, value(type)))
    }
    if chance(10) { attributes.append(("age", .integer(30))) }
    if chance(10) { attributes.append(("unknown", "x")) }
    var context = Context(attributes: attributes.shuffled(using: &random))
    context.now = Timestamp(milliseconds: pick(Self.now))
    return context
  }

  private mutating func value(_ type: String) -> Context.Value {
    switch type {
    case "integer": chance(80) ? .integer(pick([-1, 0, 1, 30, .max])) : .number(pick([30, 30.5, 1e300]))
    case "number": chance(60) ? .number(pick([-0.5, 0, 30, 1e300, .nan, .infinity])) : .integer(pick([0, 1, 30]))
    case "boolean": .boolean(chance(50))
    case "list": .list(some(Self.texts + Self.keys) + (chance(50) ? some(Self.texts) : []))
    case "version": .string(pick(Self.versions + ["1.0.0+build", "1.0", ""]))
    case "timestamp":
      chance(50)
        ? .timestamp(Timestamp(milliseconds: pick(Self.instants)))
        : .string(pick(["1970-01-01T00:00:01Z", "yesterday"]))
    case "ip": .string(pick(Self.addresses + ["10.0.0", ""]))
    default: .string(pick(Self.texts + ["ANN@ACME.EXAMPLE"]))
    }
  }
}
