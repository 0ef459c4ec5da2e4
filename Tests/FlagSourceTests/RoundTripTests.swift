import Ensign
import FlagSource
import SeededRandom
import Testing
import YAML

/// Random values of the model, written as YAML in random styles, are read back as the same values.
@Suite("Round trips")
struct RoundTripTests {
  @Test("a config", arguments: UInt64(0)..<100)
  func configs(seed: UInt64) throws {
    var random = RandomModel(seed: seed)
    let config = random.config()
    let tree = try Self.read("environments/staging/new-cart.yaml", random.write(config.yaml), seed)
    #expect(tree.configs.first { $0.environment == "staging" }?.outline == config.outline, "seed \(seed)")
  }

  @Test("a segment", arguments: UInt64(0)..<100)
  func segments(seed: UInt64) throws {
    var random = RandomModel(seed: seed)
    let condition = random.condition(depth: 3)
    let yaml = Piece.mapping([("when", condition.yaml)])
    let tree = try Self.read("segments/staff.yaml", random.write(yaml), seed)
    #expect(tree.segment("staff")?.when?.value.outline == condition.outline, "seed \(seed)")
  }

  private static func read(_ path: String, _ text: String, _ seed: UInt64) throws -> FlagsTree {
    let reading = try TreeReader.read(MemoryFiles(Rule.Example.base + [(path, text)]))
    #expect(reading.findings.map(\.message) == [], "seed \(seed)\n\(text)")
    return try #require(reading.tree)
  }
}

/// YAML before its style is chosen.
indirect enum Piece {
  /// A text that is written as it stands.
  case plain(String)
  /// A text that may be quoted.
  case text(String)
  case list([Piece])
  case mapping([(String, Piece)])
}

/// What is written, and what must be read: an outline without places.
struct Specimen {
  var yaml: Piece
  var outline: String
}

struct RandomModel {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  private mutating func choose<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private mutating func flip() -> Bool { Bool.random(using: &random) }

  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  private mutating func word() -> String { choose(["on", "off", "a", "b-2", "x.y", "user-1", "yes", "NO", "Ünï"]) }

  private mutating func name() -> String { choose(["on", "off", "a", "b-2", "x.y", "true", "42", "null", "No_1"]) }

  /// Percentages that add up to 100, in buckets.
  private mutating func weights(_ count: Int) -> [Int] {
    var cuts = (1..<count).map { _ in number(0...100_000) }.sorted()
    cuts.append(100_000)
    var previous = 0
    return cuts.map { cut in
      defer { previous = cut }
      return cut - previous
    }
  }

  private func percent(_ buckets: Int) -> Piece { .plain(Percentage(buckets: buckets).description) }
}

// MARK: - Configs

extension RandomModel {
  mutating func config() -> Specimen {
    var entries: [(String, Piece)] = []
    let enabled = flip()
    entries.append(("enabled", .plain(enabled ? "true" : "false")))
    var outline = ["enabled \(enabled ? "always" : "never")"]
    if flip() {
      let keys = (0..<number(0...3)).map { _ in word() }
      let variant = name()
      entries.append(("targets", .mapping([(variant, .list(keys.map(Piece.text)))])))
      outline.append("target \(variant) \(keys)")
    }
    let rules = (0..<number(0...3)).map { rule("rule \($0)") }
    if !rules.isEmpty || flip() { entries.append(("rules", .list(rules.map(\.yaml)))) }
    outline += rules.map(\.outline)
    let otherwise = serve()
    entries.append(("otherwise", otherwise.yaml))
    outline.append("otherwise \(otherwise.outline)")
    entries.shuffle(using: &random)
    return Specimen(yaml: .mapping(entries), outline: outline.joined(separator: "\n"))
  }

  private mutating func rule(_ name: String) -> Specimen {
    let serve = serve()
    var entries = [("name", Piece.text(name)), ("serve", serve.yaml)]
    var outline = "rule \(name) serve \(serve.outline)"
    if flip() {
      let condition = condition(depth: 2)
      entries.append(("when", condition.yaml))
      outline += " when \(condition.outline)"
    }
    if flip() {
      let share = number(0...100_000)
      entries.append(("share", percent(share)))
      outline += " share \(share)"
      if flip() {
        entries.append(("seed", .text("s-1")))
        outline += " seed s-1"
      }
    }
    entries.shuffle(using: &random)
    return Specimen(yaml: .mapping(entries), outline: outline)
  }

  private mutating func serve() -> Specimen {
    switch number(0...3) {
    case 0:
      let variant = name()
      return Specimen(yaml: .text(variant), outline: variant)
    case 1:
      let names = ["on", "off", "42"].prefix(number(1...3))
      let weights = weights(names.count)
      let entries = zip(names, weights).map { ($0, percent($1)) }
      let outline = zip(names, weights).map { "\($0)=\($1)" }.joined(separator: ",")
      return Specimen(yaml: .mapping([("split", .mapping(entries))]), outline: "split \(outline)")
    case 2:
      let cut = number(1...99_999)
      let yaml = Piece.mapping([
        ("on", .list([.list([percent(cut), percent(100_000)])])), ("off", .list([.list([percent(0), percent(cut)])])),
      ])
      let outline = "ranges on=\(cut)..100000,off=0..\(cut) by email"
      return Specimen(yaml: .mapping([("ranges", yaml), ("by", .text("email"))]), outline: outline)
    default:
      let linear = flip()
      var percentage = 0
      let steps = (1...number(1...3)).map { day in
        percentage = number(percentage...100_000)
        return (day, percentage)
      }
      let list = Piece.list(
        steps.map { .mapping([("at", .text("2026-12-0\($0.0)T09:00:00Z")), ("percent", percent($0.1))]) })
      let outline = steps.map { "2026-12-0\($0.0)T09:00:00Z=\($0.1)" }.joined(separator: ",")
      return Specimen(
        yaml: .mapping(
          [("ramp", .text("on")), ("from", .text("off")), ("steps", list)]
            + (linear ? [("shape", .text("linear"))] : [])),
        outline: "ramp off>on \(linear ? "linear" : "step") \(outline)")
    }
  }
}

// MARK: - Conditions

extension RandomModel {
  mutating func condition(depth: Int) -> Specimen {
    let attributes = ["country", "email", "age", "cartTotal", "beta", "appVersion", "signedUpAt", "ip", "groups"]
    let keys = (attributes + (depth > 0 ? ["all", "any", "not", "segment"] : [])).shuffled(using: &random)
    let entries = keys.prefix(number(1...3)).map { ($0, entry($0, depth: depth)) }
    let outlines = entries.map(\.1.outline)
    return Specimen(
      yaml: .mapping(entries.map { ($0.0, $0.1.yaml) }),
      outline: outlines.count == 1 ? outlines[0] : "all[\(outlines.joined(separator: " "))]")
  }

  private mutating func entry(_ key: String, depth: Int) -> Specimen {
    switch key {
    case "all", "any":
      let children = (0..<number(1...3)).map { _ in condition(depth: depth - 1) }
      return Specimen(
        yaml: .list(children.map(\.yaml)), outline: "\(key)[\(children.map(\.outline).joined(separator: " "))]")
    case "not":
      let child = condition(depth: depth - 1)
      return Specimen(yaml: child.yaml, outline: "not[\(child.outline)]")
    case "segment":
      let names = flip() ? ["staff"] : ["staff", "other"]
      let yaml = names.count == 1 && flip() ? Piece.text("staff") : .list(names.map(Piece.text))
      return Specimen(yaml: yaml, outline: "segment\(names)")
    default: return test(key)
    }
  }

  /// A value as it is written, and as the model's operand shows itself.
  private mutating func operand(_ attribute: String) -> (Piece, String) {
    switch attribute {
    case "age":
      let value = number(-9_007_199_254_740_991...9_007_199_254_740_991)
      return (.plain("\(value)"), "integer(\(value))")
    case "beta":
      let value = flip()
      return (.plain(value ? choose(["true", "True", "TRUE"]) : "false"), "boolean(\(value))")
    case "appVersion":
      let value = "\(number(0...20)).\(number(0...20)).\(number(0...9))\(flip() ? "-beta.1" : "")"
      return (.text(value), "version(\(value))")
    case "signedUpAt": return (.text("2026-02-03T01:00:00+01:00"), "timestamp(2026-02-03T00:00:00Z)")
    case "ip": return (.text("2001:DB8::1"), "address(2001:db8::1)")
    default:
      let value = attribute == "country" ? choose(["DE", "FR", "NO"]) : word()
      return (.text(value), "string(\(value))")
    }
  }

  private mutating func test(_ attribute: String) -> Specimen {
    if attribute == "cartTotal" {
      let eighths = number(-1_000_000...1_000_000)
      let value = Double(eighths) / 8
      return Specimen(
        yaml: .mapping([("atMost", .plain("\(value)"))]), outline: "cartTotal atMost(number(\(value)))")
    }
    if attribute == "groups" {
      let values = (0..<number(1...2)).map { _ in word() }
      let outline = values.map { "string(\($0))" }.joined(separator: ",")
      return Specimen(
        yaml: .mapping([("includesNone", .list(values.map(Piece.text)))]), outline: "groups includesNone(\(outline))")
    }
    let (yaml, outline) = operand(attribute)
    switch number(0...5) {
    case 0: return Specimen(yaml: yaml, outline: "\(attribute) in(\(outline))")
    case 1: return Specimen(yaml: .list([yaml]), outline: "\(attribute) in(\(outline))")
    case 2: return Specimen(yaml: .mapping([("isNot", yaml)]), outline: "\(attribute) notIn(\(outline))")
    case 3:
      return Specimen(
        yaml: .mapping([("notIn", .list([yaml, yaml]))]), outline: "\(attribute) notIn(\(outline),\(outline))")
    case 4:
      return Specimen(
        yaml: .mapping([("exists", .plain("false")), ("is", yaml)]), outline: "\(attribute) missing() in(\(outline))")
    default: return Specimen(yaml: .mapping([("exists", .plain("true"))]), outline: "\(attribute) exists()")
    }
  }
}

// MARK: - Writing

extension RandomModel {
  mutating func write(_ piece: Piece) -> String {
    var text = flip() ? "# A comment.\n" : ""
    block(piece, indent: 0, into: &text)
    return flip() ? text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n") : text
  }

  private mutating func block(_ piece: Piece, indent: Int, into text: inout String) {
    let margin = String(repeating: " ", count: indent)
    switch piece {
    case .list(let elements) where !elements.isEmpty:
      for element in elements {
        text += "\(margin)-"
        value(element, indent: indent, into: &text)
      }
    case .mapping(let entries) where !entries.isEmpty:
      for (key, entry) in entries {
        text += "\(margin)\(scalar(key)):"
        value(entry, indent: indent, into: &text)
      }
    default: text += "\(margin)\(flow(piece))\n"
    }
  }

  private mutating func value(_ piece: Piece, indent: Int, into text: inout String) {
    let isCollection: Bool =
      switch piece {
      case .list(let elements): !elements.isEmpty
      case .mapping(let entries): !entries.isEmpty
      default: false
      }
    guard isCollection, flip() else {
      text += " \(flow(piece))\(flip() ? "  # why" : "")\n"
      return
    }
    text += "\n"
    block(piece, indent: indent + number(1...4), into: &text)
  }

  private mutating func flow(_ piece: Piece) -> String {
    switch piece {
    case .plain(let text): return text
    case .text(let text): return scalar(text)
    case .list(let elements): return "[" + elements.map { flow($0) }.joined(separator: ", ") + "]"
    case .mapping(let entries): return "{" + entries.map { "\(scalar($0)): \(flow($1))" }.joined(separator: ", ") + "}"
    }
  }

  private mutating func scalar(_ text: String) -> String {
    switch number(0...2) {
    case 0: return "\"\(text)\""
    case 1: return "'\(text)'"
    default: return text
    }
  }
}

// MARK: - Outlines

extension EnvironmentConfig {
  var outline: String {
    var lines: [String] = []
    switch enabled.value {
    case .always: lines.append("enabled always")
    case .never: lines.append("enabled never")
    case .between: lines.append("enabled between")
    }
    lines += targets.map { "target \($0.variant.value) \($0.keys.map(\.value))" }
    for rule in rules {
      var line = "rule \(rule.name.value) serve \(rule.serve.value.outline)"
      if let when = rule.when { line += " when \(when.value.outline)" }
      if let share = rule.share { line += " share \(share.percentage.value.buckets)\(share.hashing.outline)" }
      lines.append(line)
    }
    lines.append("otherwise \(otherwise.value.outline)")
    return lines.joined(separator: "\n")
  }
}

extension EnvironmentConfig.Hashing {
  var outline: String { (by.map { " by \($0.value)" } ?? "") + (seed.map { " seed \($0.value)" } ?? "") }
}

extension EnvironmentConfig.Serve {
  var outline: String {
    switch self {
    case .variant(let name): return name
    case .split(let weights, let hashing):
      let text = weights.map { "\($0.variant.value)=\($0.percentage.value.buckets)" }.joined(separator: ",")
      return "split \(text)\(hashing.outline)"
    case .ranges(let allocations, let hashing):
      let text = allocations.map { allocation in
        let intervals = allocation.intervals.map { "\($0.from.buckets)..\($0.to.buckets)" }
        return "\(allocation.variant.value)=\(intervals.joined(separator: "+"))"
      }
      return "ranges \(text.joined(separator: ","))\(hashing.outline)"
    case .ramp(let ramp, let hashing):
      let steps = ramp.steps.map { "\($0.at.value)=\($0.percentage.value.buckets)" }.joined(separator: ",")
      return "ramp \(ramp.from.value)>\(ramp.variant.value) \(ramp.shape.rawValue) \(steps)\(hashing.outline)"
    }
  }
}

extension Condition {
  var outline: String {
    switch self {
    case .all(let children): return "all[\(children.map(\.value.outline).joined(separator: " "))]"
    case .any(let children): return "any[\(children.map(\.value.outline).joined(separator: " "))]"
    case .not(let child): return "not[\(child.value.outline)]"
    case .segment(let names): return "segment\(names.map(\.value))"
    case .attribute(let test):
      let tests = test.tests.map { test in
        "\(test.operation.value)(\(test.operands.map(\.value.outline).joined(separator: ",")))"
      }
      return "\(test.attribute.value) \(tests.joined(separator: " "))"
    }
  }
}

extension Operand {
  var outline: String {
    switch self {
    case .string(let value): "string(\(value))"
    case .integer(let value): "integer(\(value))"
    case .number(let value): "number(\(value))"
    case .boolean(let value): "boolean(\(value))"
    case .version(let value): "version(\(value))"
    case .timestamp(let value): "timestamp(\(value))"
    case .address(let value): "address(\(value))"
    case .network(let value): "network(\(value))"
    case .pattern(let value): "pattern(\(value))"
    }
  }
}
