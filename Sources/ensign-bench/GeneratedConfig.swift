/// What a flag of a generated tree does in one environment.
struct GeneratedConfig {
  let flag: GeneratedFlag
  let text: String
  let isEnabled: Bool
  /// The first of its targets, and the variant that it gets.
  let target: (key: String, variant: String)?
  /// The first rule, where what it serves is known: name, condition, serve.
  let first: (name: String, condition: Condition, serve: Serve)?
  let otherwise: Serve

  /// How many rules a config has at most, in the first environments and in all later ones.
  private static let mostRules = [1, 2, 4]

  init(of flag: GeneratedFlag, in tree: TreeGenerator, environment: Int) {
    var random = SplitMix64(seed: tree.seed, part: UInt64(flag.index) << 8 | UInt64(environment + 2))
    self.flag = flag
    guard !flag.isPrerequisite else {
      (text, isEnabled, target, first, otherwise) = ("enabled: true\notherwise: on\n", true, nil, nil, Serve("on"))
      return
    }

    var text = ""
    if random.chance(30) { text += "# The weights follow the plan in the team's folder: half of everyone by summer.\n" }
    let enabled = random.pick([
      "true", "true", "true", "true", "true", "true", "true", "true", "false",
      "{from: 2025-0\(1 + random.below(9))-01T00:00:00Z, until: 2090-01-01T00:00:00Z}",
    ])
    isEnabled = enabled != "false"
    text += "enabled: \(enabled)\n"
    if let requirement = flag.requirement { text += "requires: {\(requirement): on}\n" }
    target = random.chance(15) ? Self.targets(of: flag, &random, into: &text) : nil

    let isLast = environment == tree.environments.count - 1
    let hasSegment = isLast && flag.index % 3 == 0
    let most = Self.mostRules[min(environment, Self.mostRules.count - 1)]
    let count = max(hasSegment ? 1 : 0, random.below(most + 1))
    let calm = random.pick(flag.variants)
    var first: (name: String, condition: Condition, serve: Serve)?
    if count > 0 { text += "rules:\n" }
    for (number, name) in random.pick(count, of: Self.names).enumerated() {
      let isOfSegment = hasSegment && number == 0
      let condition =
        isOfSegment
        ? Condition(segment: flag.index / 3 % tree.segments, &random) : Condition(&random, most: isLast ? 4 : 2)
      let serve =
        random.chance(30)
        ? Serve(among: flag.variants, &random) : Serve(random.pick(flag.variants.filter { $0 != calm }))
      text += "  - name: \(name)\n"
      text += condition.text(&random)
      let hasShare = random.chance(10)
      if hasShare { text += "    share: \(5 * (1 + random.below(19)))\n" }
      text += "    serve:" + serve.text
      if number == 0 && !hasShare { first = (name, condition, serve) }
    }
    if count > 0 && random.chance(5) {
      text += "  - name: launch-day\n"
      text += "    when: {now: {atLeast: 2091-05-01T09:00:00Z, before: 2091-05-02T09:00:00Z}}\n"
      text += "    serve: \(random.pick(flag.variants.filter { $0 != calm }))\n"
    }
    self.first = first
    otherwise = random.chance(25) ? Serve(among: flag.variants, mayBeByCompany: false, &random) : Serve(calm)
    self.text = text + "otherwise:" + otherwise.text.outdented
  }

  private static let names = [
    "staff", "early-access", "europe", "premium", "phones", "companies", "big-baskets", "new-app", "long-standing",
  ]

  private static func targets(
    of flag: GeneratedFlag, _ random: inout SplitMix64, into text: inout String
  ) -> (key: String, variant: String) {
    let variants = random.pick(1 + random.below(2), of: flag.variants)
    text += "targets:\n"
    for (number, variant) in variants.enumerated() {
      let keys = (0..<(1 + random.below(5))).map { "user-\(flag.index)-\(number)-\($0)" }
      text += "  \(variant): [\(keys.joined(separator: ", "))]\n"
    }
    return ("user-\(flag.index)-0-0", variants[0])
  }
}

extension String {
  /// The lines of a serve, four columns to the left: from a rule's place to that of `otherwise`.
  fileprivate var outdented: String {
    split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix("      ") ? String($0.dropFirst(4)) : String($0) }.joined(separator: "\n")
  }
}
