import SeededRandom

/// A random flags tree that is valid: every construct of the language, in small numbers.
struct RandomTree {
  /// A file: the folder that decides its kind, its name, and what stands in it.
  struct File {
    var folder: String
    var name: String
    var content: Written
  }

  private(set) var files: [File] = []
  /// Text files beside segments: path below the tree's root without sub-folders of the author's choice.
  private(set) var lists: [(segment: String, name: String, text: String)] = []
  let environments = ["staging", "production"]
  private(set) var flags: [String] = []

  private var random: SplitMix64
  private var segments: [String] = []
  private var variants: [[String]] = []

  static let users = (1...30).map { "user-\($0)" }
  static let countries = ["DE", "FR", "GB", "NO", "US"]
  static let words = [
    "Straße", "STRASSE", "straẞe", "ΣΊΣΥΦΟΣ", "σίσυφος", "Kelvin", "\u{212a}elvin", "", "a b!", "a b", "\"q\"",
    "tab\there",
  ]
  static let groups = ["beta", "staff", "admins", "Beta"]
  static let versions = ["1.0.0", "1.0.0-rc.1", "1.10.0", "1.2.0", "2.0.0-alpha", "2.0.0+build.7", "2.0.0"]
  static let instants = [
    "2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-06-01T12:00:00.5Z",
    "2027-01-01T00:00:00-05:00",
  ]
  static let addresses = ["10.1.2.3", "10.1.2.4", "192.168.0.1", "2001:db8::1", "2001:DB8:0:0:0:0:0:2", "::1"]
  static let networks = [
    "10.0.0.0/8", "10.1.2.3/32", "2001:db8::/32", "0.0.0.0/0", "192.168.0.0/30", "::/0", "10.1.2.4",
  ]
  static let patterns = ["^user-1", "er-2$", "R-3", "user.4", "[89]"]
  static let hashed = ["targetingKey", "company.id", "age", "beta", "country"]

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    addManifest()
    segments = (0..<random.number(0...4)).map { "segment-\($0)" }
    for index in segments.indices { addSegment(index) }
    for index in 0..<random.number(1...7) { addFlag(index) }
  }

  private mutating func addManifest() {
    let attributes: [(String, Written)] = [
      ("country", .map([("type", .plain("string")), ("values", .texts(Self.countries))])),
      ("word", .map([("type", .plain("string")), ("private", .plain("true"))])),
      ("groups", .map([("type", .plain("list"))])),
      ("age", .map([("type", .plain("integer"))])),
      ("cartTotal", .map([("type", .plain("number"))])),
      ("beta", .map([("type", .plain("boolean"))])),
      ("appVersion", .map([("type", .plain("version"))])),
      ("signedUpAt", .map([("type", .plain("timestamp"))])),
      ("ip", .map([("type", .plain("ip")), ("private", .plain("true"))])),
      ("company.id", .map([("type", .plain("string"))])),
      ("unused", .map([("type", .plain("string"))])),
    ]
    files.append(
      File(
        folder: "", name: "ensign",
        content: .map([
          ("format", .plain("1")), ("project", .plain("shop")),
          ("environments", .list(environments.map { .plain($0) }, order: .counts)), ("attributes", .map(attributes)),
          ("owners", .map([("payments", .map([("contact", .text("#payments"))]))])),
        ])))
  }

  private mutating func addSegment(_ index: Int) {
    var entries: [(String, Written)] = [("description", .text("Segment \(index): some people."))]
    var free = Self.users.shuffled(using: &random)
    func taken(_ count: Int) -> [String] {
      defer { free.removeFirst(min(count, free.count)) }
      return Array(free.prefix(count))
    }
    if random.chance(50) { entries.append(("include", .texts(taken(random.number(1...4))))) }
    if random.chance(30) { entries.append(("exclude", .texts(taken(random.number(1...3))))) }
    if random.chance(30) {
      let keys = taken(random.number(1...5))
      entries.append(("includeFrom", .text("list-\(index).txt")))
      lists.append((segments[index], "list-\(index).txt", keys.map { $0 + "\n" }.joined()))
    }
    if !entries.contains(where: { $0.0.hasPrefix("include") }) || random.chance(60) {
      entries.append(("when", condition(depth: 3, segments: Array(segments[..<index]))))
    }
    files.append(File(folder: "segments", name: segments[index], content: .map(entries)))
  }

  private mutating func addFlag(_ index: Int) {
    let key = random.pick(["checkout", "Search", "cart_v2", "a.b", "x-1"]) + "-\(index)"
    flags.append(key)
    let type = random.pick(["boolean", "string", "integer", "number", "object"])
    let names: [String]
    var written: [(String, Written)] = []
    if type == "boolean" {
      names = ["on", "off"]
      if random.chance(50) { written = [("on", .plain("true")), ("off", .plain("false"))] }
    } else {
      names = Array(["on", "off", "red", "green", "blue"].prefix(random.number(2...5)))
      for (position, name) in names.enumerated() { written.append((name, value(type, position))) }
    }
    variants.append(names)
    var definition: [(String, Written)] = [
      ("description", .text("Flag number \(index)")), ("type", .plain(type)), ("off", .plain(random.pick(names))),
      ("owner", .plain("payments")),
      ("kind", .plain(random.pick(["release", "experiment", "operational", "permission"]))),
      ("expires", .plain("2099-01-01")),
    ]
    if !written.isEmpty { definition.append(("variants", .map(written))) }
    if random.chance(50) { definition.append(("tags", .plains(random.some(["growth", "checkout", "a-b"])))) }
    files.append(File(folder: "definitions", name: key, content: .map(definition)))
    for environment in environments where random.chance(85) {
      files.append(File(folder: "environments/" + environment, name: key, content: config(index)))
    }
  }

  private mutating func value(_ type: String, _ position: Int) -> Written {
    switch type {
    case "string": .text(random.pick(Self.words) + "\(position)")
    case "integer": .plain(random.pick(["\(position)", "-\(position + 1)", "\(9_007_199_254_740_991 - position)"]))
    case "number":
      .plain(
        random.pick([
          "\(position).5", "\(position)", "-0.00\(position + 1)", "\(position + 1)e21", "1e-\(position + 7)",
        ]))
    default:
      .map([
        ("title", .text(random.pick(Self.words))), ("size", .plain("\(position)")), ("\u{20ac}", .plain("null")),
        ("\u{1f600}", .plain("1.25")), ("\u{fb33}", .list([.plain("true"), .map([]), .list([])], order: .counts)),
      ])
    }
  }

  private mutating func config(_ index: Int) -> Written {
    let names = variants[index]
    var entries: [(String, Written)] = []
    switch random.number(0...9) {
    case 0: entries.append(("enabled", .plain("false")))
    case 1: entries.append(("enabled", .map([("from", .plain(Self.instants[0]))])))
    case 2:
      entries.append(
        ("enabled", .map([("from", .plain(Self.instants[1])), ("until", .plain(Self.instants[3]))])))
    case 3: entries.append(("enabled", .map([("until", .plain(Self.instants[3]))])))
    default: entries.append(("enabled", .plain("true")))
    }
    if index > 0, random.chance(30) {
      let others = random.some(Array(0..<index)).prefix(2)
      entries.append(
        (
          "requires",
          .map(
            others.map { other in
              let allowed = random.some(variants[other])
              return (flags[other], allowed.count == 1 ? .plain(allowed[0]) : .plains(allowed))
            })
        ))
    }
    if random.chance(40) {
      let users = random.some(Self.users).prefix(6)
      let half = users.count / 2
      var targets: [(String, Written)] = []
      if half > 0 { targets.append((names[0], .texts(Array(users.prefix(half))))) }
      if half < users.count { targets.append((names[1], .texts(Array(users.dropFirst(half))))) }
      entries.append(("targets", .map(targets)))
    }
    let rules = (0..<random.number(0...4)).map { rule($0, names) }
    if !rules.isEmpty { entries.append(("rules", .list(rules, order: .counts))) }
    entries.append(("otherwise", serve(names)))
    return .map(entries)
  }

  private mutating func rule(_ index: Int, _ names: [String]) -> Written {
    var entries: [(String, Written)] = [("name", .plain("rule-\(index)"))]
    if random.chance(85) { entries.append(("when", condition(depth: 3, segments: segments))) }
    if random.chance(35) {
      entries.append(("share", .plain(random.pick(["0", "20", "33.333", "50", "99.999", "100"]))))
      if random.chance(40) { entries.append(("by", .plain(random.pick(Self.hashed)))) }
      if random.chance(40) { entries.append(("seed", .text("share \(random.number(0...3))"))) }
    }
    entries.append(("serve", serve(names)))
    return .map(entries)
  }

  private mutating func serve(_ names: [String]) -> Written {
    var entries: [(String, Written)] = []
    switch random.number(0...5) {
    case 0, 1: return .plain(random.pick(names))
    case 2, 3:
      let cut = random.pick([0, 1, 12_500, 25_000, 33_333, 57_000, 100_000])
      entries.append(
        (
          "split",
          .map(
            [(names[0], .plain(percent(cut))), (names[1], .plain(percent(100_000 - cut)))].shuffled(using: &random),
            order: .counts)
        ))
    case 4:
      func interval(_ from: String, _ to: String) -> Written { .list([.plain(from), .plain(to)], order: .counts) }
      entries.append(
        (
          "ranges",
          .map([
            (names[0], .list([interval("0", "10"), interval("40", "50.5")])),
            (names[1], .list([interval("10", "25"), interval("25", "40"), interval("50.5", "100")])),
          ])
        ))
    default:
      entries.append(("ramp", .plain(names[0])))
      entries.append(("from", .plain(names[1])))
      let steps = [
        (Self.instants[0], "0.001"), (Self.instants[1], "12.5"), (Self.instants[3], "75"), (Self.instants[4], "100"),
      ]
      entries.append(
        (
          "steps",
          .list(
            steps.suffix(random.number(1...4)).map { .map([("at", .plain($0.0)), ("percent", .plain($0.1))]) },
            order: .counts)
        ))
      if random.chance(70) { entries.append(("shape", .plain(random.pick(["step", "linear"])))) }
    }
    if random.chance(40) { entries.append(("by", .plain(random.pick(Self.hashed)))) }
    if random.chance(40) { entries.append(("seed", .text("seed \(random.number(0...3))"))) }
    return .map(entries)
  }

  private func percent(_ buckets: Int) -> String {
    let thousandths = String(buckets % 1000 + 1000).dropFirst()
    return buckets % 1000 == 0 ? "\(buckets / 1000)" : "\(buckets / 1000).\(thousandths)"
  }

  private mutating func condition(depth: Int, segments: [String]) -> Written {
    var entries: [(String, Written)] = []
    for _ in 0..<random.number(1...2) {
      let entry = self.entry(depth: depth, segments: segments)
      if !entries.contains(where: { $0.0 == entry.0 }) { entries.append(entry) }
    }
    return .map(entries)
  }

  private mutating func entry(depth: Int, segments: [String]) -> (String, Written) {
    switch depth > 0 ? random.number(0...9) : 9 {
    case 0, 1:
      let children = (0..<random.number(1...3)).map { _ in condition(depth: depth - 1, segments: segments) }
      return (random.pick(["all", "any"]), .list(children))
    case 2: return ("not", condition(depth: depth - 1, segments: segments))
    case 3 where !segments.isEmpty:
      let used = random.some(segments)
      return ("segment", used.count == 1 ? .plain(used[0]) : .plains(used))
    default: return test()
    }
  }

  private mutating func test() -> (String, Written) {
    switch random.number(0...9) {
    case 0: return ("country", strings(Self.countries, patterns: ["^D", "[RB]$"], parts: ["D", "U", "S"]))
    case 1: return ("word", strings(Self.words, patterns: ["ss", "^S"], parts: ["stra", "Σ", "el", "ß"]))
    case 2:
      return (
        "targetingKey", strings(Self.users, patterns: Self.patterns, parts: ["user-1", "-2", "3"])
      )
    case 3: return ("groups", .map([membership()]))
    case 4: return ("age", compared(["0", "17", "18", "65", "9007199254740991"], quoted: false))
    case 5: return ("cartTotal", compared(["0", "-1.5", "99.99", "100", "1e2", "0.1"], quoted: false))
    case 6: return ("beta", random.chance(50) ? .plain("true") : .map([("isNot", .plain("true"))]))
    case 7: return ("appVersion", compared(Self.versions, quoted: true))
    case 8: return (random.pick(["signedUpAt", "now"]), compared(Self.instants, quoted: true, isTime: true))
    default:
      if random.chance(70) { return ("ip", .map([("within", .texts(random.some(Self.networks)))])) }
      return ("ip", equality(Self.addresses.map { .text($0) }))
    }
  }

  private mutating func strings(_ values: [String], patterns: [String], parts: [String]) -> Written {
    let base = equality(values.map { .text($0) })
    var entries: [(String, Written)]
    switch random.number(0...4) {
    case 0: return base
    case 1:
      let some = random.some(parts)
      entries = [
        (random.pick(["contains", "startsWith", "endsWith"]), some.count == 1 ? .text(some[0]) : .texts(some))
      ]
    case 2: entries = [("matches", .text(random.pick(patterns)))]
    case 3: entries = [("in", .texts(random.some(values))), ("contains", .text(random.pick(parts)))]
    default: entries = [(random.pick(["is", "isNot"]), .text(random.pick(values)))]
    }
    if random.chance(50) { entries.append(("ignoreCase", .plain(random.pick(["true", "true", "false"])))) }
    return .map(entries)
  }

  private mutating func equality(_ values: [Written]) -> Written {
    switch random.number(0...5) {
    case 0: random.pick(values)
    case 1: .list(random.some(values))
    case 2: .map([("isNot", random.pick(values))])
    case 3: .map([(random.pick(["in", "notIn"]), .list(random.some(values)))])
    case 4: .map([("exists", .plain(random.pick(["true", "false"])))])
    default: .map([("is", random.pick(values))])
    }
  }

  private mutating func compared(_ values: [String], quoted: Bool, isTime: Bool = false) -> Written {
    let written = values.map { quoted && random.chance(50) ? Written.text($0) : .plain($0) }
    guard random.chance(60) else { return equality(written) }
    let low = random.pick(isTime ? ["greaterThan", "atLeast", "after"] : ["greaterThan", "atLeast"])
    let high = random.pick(isTime ? ["lessThan", "atMost", "before"] : ["lessThan", "atMost"])
    switch random.number(0...2) {
    case 0: return .map([(low, random.pick(written))])
    case 1: return .map([(high, random.pick(written))])
    default: return .map([(low, written[1]), (high, written[written.count - 1])])
    }
  }

  private mutating func membership() -> (String, Written) {
    let groups = random.some(Self.groups)
    return (
      random.pick(["includes", "includesAll", "includesNone"]), groups.count == 1 ? .text(groups[0]) : .texts(groups)
    )
  }
}

extension RandomTree {
  /// The files of the tree with their texts; with a generator each time in another spelling and other folders.
  func files(spelledBy generator: inout SplitMix64?) -> [(path: String, text: String)] {
    var result: [(path: String, text: String)] = []
    var segmentFolders: [String: String] = [:]
    for file in files {
      var folder = file.folder.isEmpty ? "" : file.folder + "/"
      if !folder.isEmpty, let place = generator?.pick(["", "", "team-a/", "team-b/deep/"]) { folder += place }
      if file.folder == "segments" { segmentFolders[file.name] = folder }
      result.append((folder + file.name + ".yaml", YAMLPrinter.print(file.content, random: &generator)))
    }
    for list in lists {
      var lines = list.text.split(separator: "\n")
      if var random = generator {
        lines.shuffle(using: &random)
        generator = random
      }
      result.append((segmentFolders[list.segment, default: ""] + list.name, lines.map { $0 + "\n" }.joined()))
    }
    return result
  }
}
