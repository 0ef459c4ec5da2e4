/// One flag of a generated tree, and the text of its definition.
struct GeneratedFlag {
  let index: Int
  let key: String
  let team: String
  /// The names of its variants, in the order of its definition; at least two.
  let variants: [String]
  let off: String
  let text: String

  /// Whether it is one that others require: on for everyone in every environment.
  var isPrerequisite: Bool { Self.isPrerequisite(index) }

  private static func isPrerequisite(_ index: Int) -> Bool { index % 51 == 1 }

  init(index: Int, seed: UInt64) {
    var random = SplitMix64(seed: seed, part: UInt64(index) << 8)
    self.index = index
    key = Self.key(index)
    team = Vocabulary.team(index / TreeGenerator.flagsOfTeam)
    let kind = random.pick(["release", "release", "release", "experiment", "operational", "operational", "permission"])
    let values = Self.isPrerequisite(index) ? Values.boolean : Values(&random)
    variants = values.names
    off = values.off

    var text = ""
    if random.chance(40) { text += "# Owned by \(team). Ask there before the weights in production are changed.\n" }
    text += "description: \(Self.description(index, &random))\n"
    text += "type: \(values.type)\n"
    if values.type != "boolean" || random.chance(50) { text += values.text }
    text += "off: \(off)"
    text += random.chance(20) ? "                       # what a service falls back to\n" : "\n"
    text += "owner: \(team)\nkind: \(kind)\n"
    if random.chance(70) {
      text += "tags: [\(random.pick(1 + random.below(3), of: Vocabulary.places).joined(separator: ", "))]\n"
    }
    if kind == "release" || kind == "experiment" {
      text += "expires: \(2090 + random.below(9))-0\(1 + random.below(9))-\(10 + random.below(18))\n"
    }
    self.text = text
  }

  /// The key of the flag with this number.
  static func key(_ index: Int) -> String {
    let places = Vocabulary.places
    let ways = Vocabulary.ways
    return "\(places[index % places.count])-\(ways[index / places.count % ways.count])-\(index)"
  }

  /// The key of the flag that this one requires, where it requires one.
  var requirement: String? {
    index % 17 == 5 ? Self.key(index - index % 51 + 1) : nil
  }

  private static func description(_ index: Int, _ random: inout SplitMix64) -> String {
    let what = Vocabulary.places[index % Vocabulary.places.count]
    let whom = random.pick(["everyone", "returning customers", "people on a phone", "companies", "new visitors"])
    let why = random.pick([
      "as agreed in the last review", "replaces the old one", "see the design document", "a trial",
    ])
    return "The \(what) for \(whom), \(why)."
  }
}

/// The variants of a flag.
private struct Values {
  let type: String
  let names: [String]
  let off: String
  let text: String

  static let boolean = Values(
    type: "boolean", names: ["on", "off"], off: "off", text: "variants: {on: true, off: false}\n")

  private init(type: String, names: [String], off: String, text: String) {
    self.type = type
    self.names = names
    self.off = off
    self.text = text
  }

  init(_ random: inout SplitMix64) {
    switch random.below(100) {
    case ..<68: self = .boolean
    case ..<82: self = .string(&random)
    case ..<89: self = .integer(&random)
    case ..<93: self = .number(&random)
    default: self = .object(&random)
    }
  }

  private static func string(_ random: inout SplitMix64) -> Values {
    let texts = ["Buy now", "Buy", "Get yours today", "Add to basket — gratis Versand", "Continue: pay later"]
    let names = ["control", "short", "friendly", "shipping", "later"]
    let count = 2 + random.below(4)
    var text = "variants:\n"
    for index in 0..<count { text += "  \(names[index]): \"\(texts[index])\"\n" }
    return Values(type: "string", names: Array(names[..<count]), off: "control", text: text)
  }

  private static func integer(_ random: inout SplitMix64) -> Values {
    let base = 1 + random.below(100)
    let text = "variants: {low: \(base), medium: \(base * 5), high: \(base * 40)}\n"
    return Values(type: "integer", names: ["low", "medium", "high"], off: "low", text: text)
  }

  private static func number(_ random: inout SplitMix64) -> Values {
    let text = "variants: {none: 0, some: 0.\(1 + random.below(9)), full: \(1 + random.below(9)).25}\n"
    return Values(type: "number", names: ["none", "some", "full"], off: "none", text: text)
  }

  private static func object(_ random: inout SplitMix64) -> Values {
    let text = """
      variants:
        classic:
          layout: grid
          columns: \(2 + random.below(4))
          banner: {title: "Summer sale", color: "#ff\(1000 + random.below(8999))", closable: true}
        compact:
          layout: list
          columns: 1
          banner: null
        wide: {layout: grid, columns: 6, sections: [new, popular, "for you"], ratio: 1.5}

      """
    return Values(type: "object", names: ["classic", "compact", "wide"], off: "classic", text: text)
  }
}
