internal import Ensign
internal import YAML

extension FileParser {
  /// Reads what a flag does in one environment; nil without `enabled` or `otherwise`.
  mutating func config(_ root: Document.Node, flag: String, environment: String) -> EnvironmentConfig? {
    let wanted = Wanted("the config", "a mapping", example: "enabled: true")
    guard let fields = fields(root, ConfigKey.self, orElse: wanted) else { return nil }
    let enabled = fields.value(ConfigKey.enabled).flatMap { self.enabled($0) }
    let requires = fields.value(ConfigKey.requires).map { self.requirements($0) } ?? []
    let targets = fields.value(ConfigKey.targets).map { self.targets($0) } ?? []
    let rules = fields.value(ConfigKey.rules).map { self.rules($0) } ?? []
    let otherwise = fields.value(ConfigKey.otherwise).flatMap { serve($0, orElse: Wanted(ConfigKey.otherwise)) }
    guard let enabled, let otherwise else { return nil }
    return EnvironmentConfig(
      file: file, environment: environment, flag: flag, enabled: enabled, requires: requires, targets: targets,
      rules: rules, otherwise: otherwise)
  }

  private mutating func enabled(_ node: Document.Node) -> Located<EnvironmentConfig.Enabled>? {
    guard node.kind == .mapping else {
      return boolean(node, orElse: Wanted(ConfigKey.enabled)).map { Located($0.value ? .always : .never, at: $0.range) }
    }
    guard let fields = fields(node, PeriodKey.self, orElse: Wanted(ConfigKey.enabled)) else { return nil }
    if node.count == 0 { report(.boundlessPeriod(at: place(node))) }
    let from = fields.value(PeriodKey.from).flatMap { timestamp($0, orElse: Wanted(PeriodKey.from)) }
    let until = fields.value(PeriodKey.until).flatMap { timestamp($0, orElse: Wanted(PeriodKey.until)) }
    if let from, let until, until.value <= from.value {
      report(.emptyPeriod(from: place(from.range), at: place(until.range)))
    }
    return from == nil && until == nil ? nil : Located(.between(from: from, until: until), at: node.range)
  }

  private mutating func requirements(_ node: Document.Node) -> [EnvironmentConfig.Requirement] {
    guard isMapping(node, orElse: Wanted(ConfigKey.requires)) else { return [] }
    var requirements: [EnvironmentConfig.Requirement] = []
    for (key, value) in node.entries {
      let flag = name(key, orElse: Wanted("a required flag", "a flag's key", example: "payments-api"))
      let variants = names(
        value,
        orElse: Wanted("what is required of \(key.text.quoted)", "a variant's name or a list of them", example: "on"),
        each: Wanted("a required variant", "a variant's name", example: "on"))
      guard let flag, !variants.isEmpty else { continue }
      requirements.append(EnvironmentConfig.Requirement(flag: flag, variants: variants))
    }
    return requirements
  }

  /// A name or a list of names that is not empty; those that could not be read are left out.
  mutating func names(
    _ node: Document.Node, orElse wanted: @autoclosure () -> Wanted, each: @autoclosure () -> Wanted
  ) -> [Located<String>] {
    guard node.kind == .sequence else { return name(node, orElse: wanted()).map { [$0] } ?? [] }
    guard isFilledList(node, orElse: wanted()) else { return [] }
    var names: [Located<String>] = []
    for element in node.elements {
      if let name = name(element, orElse: each()) { names.append(name) }
    }
    return names
  }

  private mutating func targets(_ node: Document.Node) -> [EnvironmentConfig.Target] {
    guard isMapping(node, orElse: Wanted(ConfigKey.targets)) else { return [] }
    var targets: [EnvironmentConfig.Target] = []
    for (key, value) in node.entries {
      let variant = name(key, orElse: Wanted("a target's variant", "a variant's name", example: "on"))
      let keys = targetingKeys(
        value, orElse: Wanted("the list for \(key.text.quoted)", "a list of targeting keys", example: "[user-1]"))
      if let variant, let keys { targets.append(EnvironmentConfig.Target(variant: variant, keys: keys)) }
    }
    return targets
  }

  /// A list of targeting keys, each taken as the text that stands there.
  mutating func targetingKeys(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> [Located<String>]? {
    guard isList(node, orElse: wanted()) else { return nil }
    var keys: [Located<String>] = []
    keys.reserveCapacity(node.count)
    for element in node.elements {
      if let key = text(element, orElse: Wanted("a targeting key", "a text", example: "user-1")) { keys.append(key) }
    }
    return keys
  }
}

// MARK: - Rules

extension FileParser {
  private mutating func rules(_ node: Document.Node) -> [EnvironmentConfig.Rule] {
    guard isList(node, orElse: Wanted(ConfigKey.rules)) else { return [] }
    var rules: [EnvironmentConfig.Rule] = []
    rules.reserveCapacity(node.count)
    for element in node.elements {
      if let rule = rule(element) { rules.append(rule) }
    }
    return rules
  }

  private mutating func rule(_ node: Document.Node) -> EnvironmentConfig.Rule? {
    guard
      let fields = fields(node, RuleKey.self, orElse: Wanted("a rule", "a mapping", example: "{name: all, serve: on}"))
    else { return nil }
    let name = fields.value(RuleKey.name).flatMap { ruleName($0) }
    let when = fields.value(RuleKey.when).map { condition($0, orElse: Wanted(RuleKey.when)) }
    let share = share(fields)
    let serve = fields.value(RuleKey.serve).flatMap { self.serve($0, orElse: Wanted(RuleKey.serve)) }
    guard let name, let serve else { return nil }
    // Without its condition or its share the rule would match others than its author meant.
    if let when, when == nil { return nil }
    if fields.value(RuleKey.share) != nil, share == nil { return nil }
    return EnvironmentConfig.Rule(name: name, when: when ?? nil, share: share, serve: serve, range: node.range)
  }

  private mutating func ruleName(_ node: Document.Node) -> Located<String>? {
    guard let name = label(node, orElse: Wanted(RuleKey.name)) else { return nil }
    guard FlagTest.Decider.words[name.value] == nil else {
      report(
        .reservedName(
          name.value, "a rule", help: "choose another name: the word has a meaning in the `because` of tests",
          at: place(node)))
      return nil
    }
    return name
  }

  private mutating func share(_ fields: Fields) -> EnvironmentConfig.Share? {
    guard let node = fields.value(RuleKey.share) else {
      for key in [RuleKey.by, .seed] {
        guard let entry = fields.entry(key) else { continue }
        report(
          .misplacedKey(
            key.rawValue, "the rule has no `share`",
            help: "add `share`, or write it below `serve` beside `split`, `ranges` or `ramp`", at: place(entry.key)))
      }
      return nil
    }
    let hashing = hashing(by: fields.value(RuleKey.by), seed: fields.value(RuleKey.seed))
    guard let percentage = percentage(node, orElse: Wanted(RuleKey.share)) else { return nil }
    return EnvironmentConfig.Share(percentage: percentage, hashing: hashing)
  }

  /// What is hashed, and with which seed.
  mutating func hashing(by: Document.Node?, seed: Document.Node?) -> EnvironmentConfig.Hashing {
    EnvironmentConfig.Hashing(
      by: by.flatMap { label($0, orElse: Wanted(ServeKey.by)) },
      seed: seed.flatMap { label($0, orElse: Wanted(ServeKey.seed)) })
  }
}
