internal import Ensign

// A tree is read and checked in one go. Configs and tests, which are most of it, refer to definitions and segments, and
// hardly anything refers to them: so those are read first, then the configs, then the tests, and each of these is checked
// as soon as it is read, while it is at hand, and need not be kept.
extension Validation {
  /// Reads a tree and checks it.
  ///
  /// - Parameter today: the day on which flags expire or not.
  /// - Throws: when the files cannot be listed. What is wrong with a file is a finding.
  /// - Complexity: O(*n*) in the size of the tree.
  package static func run(
    _ files: some FlagFiles, today: CalendarDate = .today()
  ) throws(FileAccessError) -> Validation {
    var check = try StreamedCheck(files, today: today, isKept: true) { WholeConfigs(capacity: $0) }
    let configs = Threads.joined(check.takeDigests())
    let tree = check.tree.map { FlagsTree($0, configs: configs, index: check.outlines.index) }
    return Validation(check.reading(tree: tree), hasTree: tree != nil, checks: check.findings)
  }

  /// Reads a tree and checks it, keeps no tests, and of its configs only what is needed of them: a large tree takes a third
  /// of the memory.
  ///
  /// - Parameters:
  ///   - today: the day on which flags expire or not.
  ///   - digester: makes one for some neighbouring configs; called on several threads.
  /// - Returns: the findings, without the tree, and the digested tree when there is no error.
  /// - Throws: when the files cannot be listed. What is wrong with a file is a finding.
  /// - Complexity: O(*n*) in the size of the tree.
  package static func run<Digester: ConfigDigester>(
    _ files: some FlagFiles, today: CalendarDate = .today(), digester: @Sendable () -> Digester
  ) throws(FileAccessError) -> (Validation, DigestedTree<Digester.Digest>?) {
    var check = try StreamedCheck(files, today: today, isKept: false) { _ in digester() }
    let validation = Validation(check.reading(tree: nil), hasTree: check.tree != nil, checks: check.findings)
    guard !validation.hasErrors, let tree = check.tree else { return (validation, nil) }
    let digests = check.takeDigests()
    return (validation, DigestedTree(tree: tree, configIndex: check.outlines.index, digests: digests))
  }
}

/// A tree that is read and checked in one go, of whose configs is kept what somebody makes of them.
private struct StreamedCheck<Files: FlagFiles, Digester: ConfigDigester> {
  private let listing: TreeListing<Files>
  /// What was read; of configs and tests only what is kept in it.
  private var part: TreePart
  private var digests: [Digester.Digest] = []
  /// The tree without its configs; nil when there is no usable manifest.
  private(set) var tree: FlagsTree?
  private(set) var outlines = ConfigOutlines([], index: ConfigIndex())
  /// What was found beyond the files' own findings.
  private(set) var findings = Findings()
  private var uses = TreeUses()

  /// Reads and checks.
  ///
  /// - Parameters:
  ///   - isKept: whether the tree has its tests, and configs are taken that have errors or refer to what has.
  ///   - digester: makes one for some neighbouring configs, of which it gets the number.
  init(
    _ files: Files, today: CalendarDate, isKept: Bool, digester: @Sendable (Int) -> Digester
  ) throws(FileAccessError) {
    listing = try TreeListing(files)
    part = TreePart(joining: [listing.first] + (try listing.read(listing.definitions)))
    tree = listing.tree(of: part)
    guard let tree else {
      // Without a manifest there is nothing to check them by.
      add(try listing.read(listing.configs + listing.tests))
      return
    }
    let checks = Checks()
    let facts = TreeFacts(forConfigsOf: tree, today: today)
    try readConfigs(checks, facts, isKept: isKept, digester)
    self.tree?.broken.configs = part.broken.configs
    try readTests(checks, TreeFacts(facts, outlines, part), isKept: isKept)
    self.tree?.tests = part.tests
    findings.add(checks.run(TreeFacts(facts, outlines, part), after: uses).all)
  }

  /// Takes over what was read.
  private mutating func add(_ parts: [TreePart]) { part = TreePart(joining: [part] + parts) }

  /// What was found out about a few files.
  private struct Checked: Sendable {
    var uses = TreeUses()
    var findings = Findings()
    /// Of configs.
    var outlines: [ConfigOutline] = []

    /// Of nothing yet, with room for the outlines of so many configs.
    init(capacity: Int = 0) { outlines.reserveCapacity(capacity) }
  }

  private mutating func readConfigs(
    _ checks: Checks, _ facts: TreeFacts, isKept: Bool, _ digester: @Sendable (Int) -> Digester
  ) throws(FileAccessError) {
    let isSound = !part.findings.hasErrors
    var chunks = try listing.read(listing.configs) { count in
      (checked: Checked(capacity: count), digester: digester(count), cursor: DefinitionCursor(of: facts.tree))
    } _: { part, taken in
      while let config = part.configs.popLast() {
        let position = taken.cursor.position(ofDefinitionOf: config.flag)
        checks.walk(config, definedAt: position, facts, &taken.checked.uses, &taken.checked.findings)
        let key = position.map { facts.tree.key(ofDefinitionAt: $0) } ?? config.flag
        taken.checked.outlines.append(ConfigOutline(config, definedAt: position, key: key))
        // After an error nothing is compiled.
        if isKept || isSound && !part.findings.hasErrors && !taken.checked.findings.hasErrors {
          taken.digester.add(config)
        }
      }
    } _: { part, taken in
      (part: part, checked: taken.checked, digest: taken.digester.digest())
    }
    var parts: [TreePart] = []
    var outlines: [[ConfigOutline]] = []
    for number in 0..<chunks.count {
      add(chunks[number].checked)
      parts.append(chunks[number].part)
      digests.append(chunks[number].digest)
      // Moved, not copied: each outline is several references to count.
      outlines.append(exchange(&chunks[number].checked.outlines, with: []))
    }
    add(parts)
    let all = Threads.joined(outlines)
    let index = ConfigIndex(
      all.count, of: facts.tree.definitionIndex, environment: { all.span[$0].environment }, flag: { all.span[$0].flag },
      definition: { all.span[$0].definition })
    self.outlines = ConfigOutlines(all, index: index)
  }

  private mutating func readTests(_ checks: Checks, _ facts: TreeFacts, isKept: Bool) throws(FileAccessError) {
    let chunks = try listing.read(listing.tests) { _ in
      (checked: Checked(), kept: [FlagTest]())
    } _: { part, taken in
      for test in part.tests { checks.walk(test, facts, &taken.checked.uses, &taken.checked.findings) }
      if isKept { taken.kept += part.tests }
      part.tests.removeAll(keepingCapacity: true)
    } _: { part, taken in
      var part = part
      part.tests = taken.kept
      return (part: part, checked: taken.checked)
    }
    var parts: [TreePart] = []
    for number in 0..<chunks.count {
      add(chunks[number].checked)
      parts.append(chunks[number].part)
    }
    add(parts)
  }

  private mutating func add(_ checked: Checked) {
    uses.formUnion(checked.uses)
    findings.add(checked.findings.all)
  }

  /// What was made of the configs, in their order; it is given away.
  mutating func takeDigests() -> [Digester.Digest] { exchange(&digests, with: []) }

  /// What reading the tree gave.
  func reading(tree: FlagsTree?) -> TreeReading { listing.reading(of: part, tree: tree) }
}
