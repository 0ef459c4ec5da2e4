import Ensign

/// Writes configs that all mean the same kind of thing in layouts as different as people's.
struct RandomConfig {
  private var random: SplitMix64
  let isFlow: Bool
  private let lineBreak: String
  private let indentation: Int
  private let comments: Bool

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    isFlow = random.chance(0.1)
    lineBreak = random.chance(0.25) ? "\r\n" : "\n"
    indentation = random.pick([1, 2, 2, 2, 3, 4, 7])
    let hasComments = random.chance(0.8)
    comments = hasComments && !isFlow
  }

  /// The bytes of a file with `enabled`, `targets`, rules of every form and `otherwise`.
  mutating func file() -> [UInt8] {
    var lines: [String] = []
    var parts = [
      "enabled": ["enabled:\(gap())\(random.pick(["true", "true", "True", "TRUE"]))"],
      "requires": ["requires: {other: on}"], "targets": targets(), "rules": ["rules:"] + rules(),
      "otherwise": ["otherwise:\(gap())" + random.pick(["off", "\"off\"", "'off'", "{split: {on: 25, off: 75}}"])],
    ]
    if random.chance(0.4) { parts["requires"] = nil }
    if isFlow { return flowFile() }
    for name in random.shuffled(["enabled", "requires", "targets", "rules", "otherwise"]) {
      if comments, random.chance(0.3) { lines.append(comment()) }
      if random.chance(0.2) { lines.append("") }
      lines += (parts[name] ?? []).map { comments && random.chance(0.2) ? $0 + "  " + comment() : $0 }
    }
    if random.chance(0.2) { lines.insert("---", at: 0) }
    var text = lines.joined(separator: lineBreak)
    if !random.chance(0.25) { text += lineBreak }
    return (random.chance(0.1) ? [0xEF, 0xBB, 0xBF] : []) + Array(text.utf8)
  }

  private mutating func flowFile() -> [UInt8] {
    let comma = random.pick([", ", ",", " , ", ",\n  "])
    let parts = random.shuffled([
      "enabled: true", "\"targets\": {on: [a1\(comma)b2]}", "otherwise: {split: {on: 25\(comma)off: 75}}",
      "rules: [{name: split\(comma)serve: {split: {on: 10, off: 90}}}, {name: one, serve: on}]",
    ])
    return Array("{\(parts.joined(separator: comma))}".utf8)
  }

  private mutating func gap() -> String { random.pick([" ", " ", "   ", "\t"]) }

  private mutating func comment() -> String {
    random.pick(["# why: because", "#", "# 'a' \"b\" {c: [d", "#enabled: true", "# ünïcode → #2"])
  }

  private mutating func targets() -> [String] {
    let pad = String(repeating: " ", count: indentation)
    switch random.below(5) {
    case 0: return ["targets: {on: [a1, b2], off: [c3]}"]
    case 1: return ["targets:", pad + "on:   [ a1 , \"b2\" ]", pad + "'off': [c3]"]
    case 2: return ["targets:", pad + "on:", pad + "- a1", pad + "- 'b2'", pad + "off: [ c3 ]"]
    case 3: return ["targets:", pad + "on:", pad + pad + "-  a1", pad + pad + "-  b2"]
    default: return ["targets:", pad + "on: [", pad + pad + "a1,", pad + pad + "b2", pad + "]"]
    }
  }

  private mutating func rules() -> [String] {
    let pad = String(repeating: " ", count: random.chance(0.2) ? 0 : indentation)
    let rules: [[String]] = [
      ["name: one", "when: {country: DE}", "serve: on"],
      ["name: shared", "share: 20", "serve: {split: {on: 50, off: 50}}"],
      random.chance(0.5)
        ? ["name: split", "serve:", "  split: {on: 10, off: 90}", "  by: company.id"]
        : ["name: split", "serve:", "  split:", "    on: 10.0", "    off: 90"],
      ["name: ranges", "serve: {ranges: {on: [[0, 10], [50, 60]], off: [[10, 50], [60, 100]]}}"],
    ]
    let gap = String(repeating: " ", count: random.pick([1, 1, 1, 3]))
    return random.shuffled(rules).flatMap { rule in
      rule.enumerated().map { line in
        pad + (line.offset == 0 ? "-" + gap : " " + gap) + line.element
      }
    }
  }
}

/// A small generator whose sequence is the same everywhere.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  mutating func chance(_ probability: Double) -> Bool { Double(next() >> 11) / Double(1 << 53) < probability }
  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] { elements.shuffled(using: &self) }
}
