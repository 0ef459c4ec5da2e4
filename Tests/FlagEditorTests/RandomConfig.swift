import Ensign
import SeededRandom

/// Writes configs that all mean the same kind of thing in layouts as different as people's.
struct RandomConfig {
  private var random: SplitMix64
  let isFlow: Bool
  private let lineBreak: String
  private let indentation: Int
  private let comments: Bool

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    isFlow = random.chance(10)
    lineBreak = random.chance(25) ? "\r\n" : "\n"
    indentation = random.pick([1, 2, 2, 2, 3, 4, 7])
    let hasComments = random.chance(80)
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
    if random.chance(40) { parts["requires"] = nil }
    if isFlow { return flowFile() }
    for name in random.shuffled(["enabled", "requires", "targets", "rules", "otherwise"]) {
      if comments, random.chance(30) { lines.append(comment()) }
      if random.chance(20) { lines.append("") }
      lines += (parts[name] ?? []).map { comments && random.chance(20) ? $0 + "  " + comment() : $0 }
    }
    if random.chance(20) { lines.insert("---", at: 0) }
    var text = lines.joined(separator: lineBreak)
    if !random.chance(25) { text += lineBreak }
    return (random.chance(10) ? [0xEF, 0xBB, 0xBF] : []) + Array(text.utf8)
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
    let pad = String(repeating: " ", count: random.chance(20) ? 0 : indentation)
    let rules: [[String]] = [
      ["name: one", "when: {country: DE}", "serve: on"],
      ["name: shared", "share: 20", "serve: {split: {on: 50, off: 50}}"],
      random.chance(50)
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
