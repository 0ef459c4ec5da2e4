internal import Ensign
internal import Synchronization

/// The checks of many rules, run in one walk of a tree.
package struct Checks: Sendable {
  // Of one type, so that a short run does not make ten: what is in them is known by the name.
  private var tree: [Check] = []
  private var definition: [Check] = []
  private var config: [Check] = []
  private var segment: [Check] = []
  private var test: [Check] = []
  private var condition: [Check] = []
  private var attributeTest: [Check] = []
  private var hashedAttribute: [Check] = []
  private var flagName: [Check] = []
  private var segmentName: [Check] = []
  private var variantName: [Check] = []
  private var list: [Check] = []

  /// The checks of `rules`; those that have none are noticed elsewhere.
  package init(of rules: [Rule] = RuleRegistry.all) {
    for rule in rules {
      for check in rule.checks {
        switch check {
        case .tree: tree.append(check)
        case .definition: definition.append(check)
        case .config: config.append(check)
        case .segment: segment.append(check)
        case .test: test.append(check)
        case .condition: condition.append(check)
        case .attributeTest: attributeTest.append(check)
        case .hashedAttribute: hashedAttribute.append(check)
        case .flagName: flagName.append(check)
        case .segmentName: segmentName.append(check)
        case .variantName: variantName.append(check)
        case .list: list.append(check)
        }
      }
    }
  }

  /// Looks at all of a tree and returns what was found, in no particular order, on as many threads as are worth it.
  ///
  /// - Parameter uses: what was used by configs and tests that were looked at before, and that the tree does not have.
  /// - Complexity: O(*n*) in the size of the tree.
  package func run(_ facts: TreeFacts, after uses: TreeUses = TreeUses()) -> Findings {
    let threads = Threads.count(forParts: facts.configs.all.count / Self.configsPerThread + 1)
    var (findings, found) = walkParts(facts, threads: threads)
    found.formUnion(uses)
    findings.add(checkWhole(facts, found, threads: threads).all)
    return findings
  }

  // MARK: The parts of a tree

  /// Looks at every part of the tree, each thread at its share of each kind.
  private func walkParts(_ facts: TreeFacts, threads: Int) -> (Findings, TreeUses) {
    let tree = facts.tree
    let next = Atomic(0)
    let whole = Guarded((Findings(), TreeUses()))
    Threads.run(threads) {
      let thread = next.wrappingAdd(1, ordering: .relaxed).oldValue
      // Borrowed one after the other: a config is dozens of references to count.
      func forEachOfShare<Part>(of parts: [Part], _ body: (borrowing Part) -> Void) {
        let span = parts.span
        for index in parts.count * thread / threads..<parts.count * (thread + 1) / threads { body(span[index]) }
      }
      var findings = Findings()
      var uses = TreeUses()
      forEachOfShare(of: tree.definitions) { walk($0, facts, &findings) }
      forEachOfShare(of: tree.segments) { walk($0, facts, &uses, &findings) }
      var cursor = DefinitionCursor(of: tree)
      forEachOfShare(of: tree.configs) { config in
        let definition = cursor.position(ofDefinitionOf: config.flag)
        walk(config, definedAt: definition, facts, &uses, &findings)
      }
      forEachOfShare(of: tree.tests) { walk($0, facts, &uses, &findings) }
      whole.withLock {
        $0.0.add(findings.all)
        $0.1.formUnion(uses)
      }
    }
    return whole.withLock { $0 }
  }

  /// Runs the checks that look at the tree as a whole, each on the first thread that is ready.
  private func checkWhole(_ facts: TreeFacts, _ uses: TreeUses, threads: Int) -> Findings {
    let next = Atomic(0)
    let whole = Guarded(Findings())
    Threads.run(threads) {
      var findings = Findings()
      while true {
        let check = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard check < tree.count else { break }
        if case .tree(let check) = tree[check] { check(facts, uses, &findings) }
      }
      whole.withLock { $0.add(findings.all) }
    }
    return whole.withLock { $0 }
  }

  /// Fewer configs than these are looked at before a second thread has started.
  private static let configsPerThread = 500

  private func walk(_ definition: Definition, _ facts: TreeFacts, _ findings: inout Findings) {
    let site = Site(file: definition.file, flag: definition.key)
    for case .definition(let check) in self.definition { check(definition, facts, &findings) }
    walk(variant: definition.off, of: definition, site, facts, &findings)
    walk(definition.tags, "tag", site, facts, &findings)
  }

  private func walk(_ segment: Segment, _ facts: TreeFacts, _ uses: inout TreeUses, _ findings: inout Findings) {
    let site = Site(file: segment.file)
    for case .segment(let check) in self.segment { check(segment, facts, &findings) }
    walk(segment.include, "targeting key", site, facts, &findings)
    walk(segment.exclude, "targeting key", site, facts, &findings)
    if let when = segment.when { walk(when, site, facts, &uses, &findings) }
  }

  /// Looks at a config, which the tree need not have.
  ///
  /// - Parameter position: that of its flag's definition, if there is one.
  func walk(
    _ config: borrowing EnvironmentConfig, definedAt position: Int?, _ facts: TreeFacts, _ uses: inout TreeUses,
    _ findings: inout Findings
  ) {
    let site = Site(file: config.file, flag: config.flag, environment: config.environment)
    let definition = position.map { facts.tree.definitions[$0] }
    for case .config(let check) in self.config { check(config, definition, facts, &findings) }
    for requirement in config.requires { walk(requirement, site, facts, &findings) }
    for target in config.targets {
      walk(target.keys, "targeting key", site, facts, &findings)
      if let definition { walk(variant: target.variant, of: definition, site, facts, &findings) }
    }
    for rule in config.rules {
      if let when = rule.when { walk(when, site, facts, &uses, &findings) }
      if let share = rule.share { walk(share.hashing, site, facts, &findings) }
      walk(rule.serve, of: definition, site, facts, &findings)
    }
    walk(config.otherwise, of: definition, site, facts, &findings)
  }

  /// Looks at a test, which the tree need not have, with facts that have the configs.
  func walk(_ test: FlagTest, _ facts: TreeFacts, _ uses: inout TreeUses, _ findings: inout Findings) {
    let site = Site(file: test.file, flag: test.flag.value, environment: test.environments.first?.value)
    let position = facts.tree.definitionIndex[test.flag.value]
    if let position { uses.testedFlags.append(position) }
    let definition = position.map { facts.tree.definitions[$0] }
    for case .test(let check) in self.test { check(test, definition, facts, &findings) }
    for case .flagName(let check) in flagName { check(test.flag, site, facts, &findings) }
    walk(test.environments, "environment", site, facts, &findings)
    if let definition, case .variant(let name) = test.expectation.value {
      walk(variant: Located(name, at: test.expectation.range), of: definition, site, facts, &findings)
    }
  }

  // MARK: The parts of a config

  private func walk(
    _ requirement: EnvironmentConfig.Requirement, _ site: Site, _ facts: TreeFacts, _ findings: inout Findings
  ) {
    for case .flagName(let check) in flagName { check(requirement.flag, site, facts, &findings) }
    walk(requirement.variants, "variant", site, facts, &findings)
    guard let definition = facts.tree.definition(of: requirement.flag.value) else { return }
    for variant in requirement.variants { walk(variant: variant, of: definition, site, facts, &findings) }
  }

  private func walk(
    _ serve: Located<EnvironmentConfig.Serve>, of definition: Definition?, _ site: Site, _ facts: TreeFacts,
    _ findings: inout Findings
  ) {
    func visit(_ variant: Located<String>) {
      if let definition { walk(variant: variant, of: definition, site, facts, &findings) }
    }
    switch serve.value {
    case .variant(let name): visit(Located(name, at: serve.range))
    case .split(let weights, let hashing):
      for weight in weights { visit(weight.variant) }
      walk(hashing, site, facts, &findings)
    case .ranges(let allocations, let hashing):
      for allocation in allocations { visit(allocation.variant) }
      walk(hashing, site, facts, &findings)
    case .ramp(let ramp, let hashing):
      visit(ramp.variant)
      visit(ramp.from)
      walk(hashing, site, facts, &findings)
    }
  }

  private func walk(
    _ hashing: EnvironmentConfig.Hashing, _ site: Site, _ facts: TreeFacts, _ findings: inout Findings
  ) {
    guard let by = hashing.by else { return }
    for case .hashedAttribute(let check) in hashedAttribute { check(by, site, facts, &findings) }
  }

  // MARK: The smallest parts

  private func walk(
    variant: Located<String>, of definition: Definition, _ site: Site, _ facts: TreeFacts, _ findings: inout Findings
  ) {
    for case .variantName(let check) in variantName { check(variant, definition, site, facts, &findings) }
  }

  private func walk(
    _ entries: [Located<String>], _ noun: String, _ site: Site, _ facts: TreeFacts, _ findings: inout Findings
  ) {
    guard entries.count > 1 else { return }
    for case .list(let check) in list { check(entries, noun, site, facts, &findings) }
  }

  private func walk(
    _ condition: Located<Condition>, _ site: Site, _ facts: TreeFacts, _ uses: inout TreeUses,
    _ findings: inout Findings
  ) {
    for case .condition(let check) in self.condition { check(condition, site, facts, &findings) }
    switch condition.value {
    case .all(let children), .any(let children):
      for child in children { walk(child, site, facts, &uses, &findings) }
    case .not(let child): walk(child, site, facts, &uses, &findings)
    case .segment(let names):
      for name in names {
        uses.segments.insert(name.value)
        for case .segmentName(let check) in segmentName { check(name, site, facts, &findings) }
      }
      walk(names, "segment", site, facts, &findings)
    case .attribute(let test):
      let attribute = facts.attribute(test.attribute.value)
      for case .attributeTest(let check) in attributeTest { check(test, attribute, site, facts, &findings) }
    }
  }
}

/// What the walk of a tree came across, for checks that ask what nobody uses.
package struct TreeUses: Sendable {
  /// The keys of segments that a condition names.
  package var segments: Set<String> = []
  /// The positions of definitions whose flags have a test, in any order, some of them repeatedly.
  package var testedFlags: [Int] = []

  /// Adds what another walk came across.
  mutating func formUnion(_ other: TreeUses) {
    segments.formUnion(other.segments)
    testedFlags += other.testedFlags
  }
}
