// Flags: variants, prerequisites, targets, rules.

extension SnapshotLoader {
  /// Reads type and variants of the flag that was placed last.
  ///
  /// Requirements of other flags mention them, so they are read before anything else of any flag.
  mutating func readVariants() throws(SnapshotError) {
    typealias Name = SnapshotNames.Flag
    let index = flags.count - 1
    let (key, token, members) = flags[index]
    let typeToken = try required(members, Name.type, in: token, SnapshotNames.flag)
    guard let type = position(of: typeToken, in: SnapshotNames.flagTypes), let type = FlagType(rawValue: UInt8(type))
    else { throw invalid("expected a type: \(SnapshotNames.flagTypes.list)", typeToken) }
    let list = try required(members, Name.variants, in: token, SnapshotNames.flag)
    let count = try count(ofMembers: list)
    guard count > 0 else { throw invalid("a flag has one variant at least", list) }
    guard count <= SnapshotLimits.variants else {
      throw invalid("a flag has \(SnapshotLimits.variants) variants at most", list)
    }
    let variants = arena.reserve(VariantRecord.self, count: count)
    var place = 0
    try forEachMember(of: list) { loader, key, value throws(SnapshotError) in
      let name = try loader.text(at: key)
      let record = VariantRecord(name: name, value: try loader.value(at: value, of: type))
      loader.arena[variants, place] = record
      place += 1
    }
    if trial != nil { rememberVariants(variants, count) }
    let document = reference(at: token)
    arena[flagRecords, index] = FlagRecord(
      key: key, document: document, type: type, enabled: .never, isStatic: true, off: 0,
      variantCount: UInt32(count), variants: variants, targets: 0, requirementCount: 0, requirements: 0, ruleCount: 0,
      rules: 0, otherwise: 0, enabledFrom: .min, enabledUntil: .max)
  }

  /// The value of a variant, in the form of its record.
  private mutating func value(at token: Int, of type: FlagType) throws(SnapshotError) -> UInt64 {
    let kind = tokens[token].kind
    switch type {
    case .boolean:
      guard kind == .yes || kind == .no else { throw invalid("expected true or false", token) }
      return kind == .yes ? 1 : 0
    case .string:
      guard kind == .string else { throw invalid("expected a string", token) }
      if trial == nil { texts.append(tape.string(at: token)) }
      return UInt64(truncatingIfNeeded: texts.count &- 1)
    case .integer:
      return UInt64(bitPattern: try integer(at: token, in: JSONValue.integers))
    case .number:
      return try number(at: token).bitPattern
    case .object:
      guard kind == .object else { throw invalid("expected an object", token) }
      if trial == nil { objects.append(tape.value(at: token)) }
      return UInt64(truncatingIfNeeded: objects.count &- 1)
    }
  }

  /// A number token's value.
  mutating func number(at token: Int) throws(SnapshotError) -> Double {
    guard tokens[token].kind == .number || tokens[token].kind == .integer else {
      throw invalid("expected a number", token)
    }
    return tape.number(at: token)
  }

  /// Reads what `readVariants` left, of every flag.
  mutating func readFlags() throws(SnapshotError) {
    for index in flags.indices {
      let start = arena.count
      try readFlag(index)
      if trial != nil { arena.rewind(to: start) }
    }
  }

  private mutating func readFlag(_ index: Int) throws(SnapshotError) {
    typealias Name = SnapshotNames.Flag
    let (_, token, members) = flags[index]
    var flag: FlagRecord = arena[flagRecords, index]
    mentionedSegments.removeAll(keepingCapacity: true)
    work = 1
    flag.off = try variant(at: required(members, Name.off, in: token, SnapshotNames.flag), of: flag)
    try readEnabled(required(members, Name.enabled, in: token, SnapshotNames.flag), of: &flag)
    try checkMetadata(Int(members[Name.metadata]))
    let requirements = Int(members[Name.requires])
    if requirements != 0 {
      let count = try count(ofElements: requirements)
      flag.requirementCount = UInt32(count)
      flag.requirements = arena.reserve(RequirementRecord.self, count: count)
    }
    let required = try readRequirements(requirements, into: flag.requirements, of: index)
    flag.targets = try readTargets(Int(members[Name.targets]), of: flag)
    try readRules(Int(members[Name.rules]), of: &flag)
    flag.otherwise = try readServe(
      self.required(members, Name.otherwise, in: token, SnapshotNames.flag), of: flag)
    flag.isStatic = flag.requirementCount == 0 && flag.targets == 0 && flag.ruleCount == 0
    arena[flagRecords, index] = flag
    flagGraph.append(mentions: required, others: mentionedSegments, work: work + required.count, token: token)
  }

  /// The index of a variant that a name stands for.
  mutating func variant(at token: Int, of flag: FlagRecord) throws(SnapshotError) -> UInt32 {
    guard tokens[token].kind == .string else { throw invalid("expected the name of a variant", token) }
    if !tokens[token].hasEscapes {
      if let index = index(of: raw(token), in: flag) { return index }
    } else {
      var name = tape.string(at: token)
      if let index = name.withUTF8({ index(of: $0, in: flag) }) { return index }
    }
    throw invalid("the flag has no variant “\(tape.string(at: token))”", token)
  }

  private mutating func index(of name: UnsafeBufferPointer<UInt8>, in flag: FlagRecord) -> UInt32? {
    let base = UnsafeRawPointer(arena.base)
    let variants = base.record(flag.variants, as: VariantRecord.self)
    for index in 0..<Int(flag.variantCount) {
      let candidate = base.text(variants[index].name)
      guard candidate.count == name.count, let start = candidate.baseAddress else { continue }
      if name.baseAddress.map({ memoryIsEqual($0, start, name.count) }) ?? true { return UInt32(index) }
    }
    return nil
  }

  private mutating func readEnabled(_ token: Int, of flag: inout FlagRecord) throws(SnapshotError) {
    switch tokens[token].kind {
    case .yes: flag.enabled = .always
    case .no: flag.enabled = .never
    case .object:
      let members = try members(of: token, SnapshotNames.window)
      flag.enabled = .window
      if members[0] != 0 { flag.enabledFrom = try instant(at: Int(members[0])) }
      if members[1] != 0 { flag.enabledUntil = try instant(at: Int(members[1])) }
      guard members[0] != 0 || members[1] != 0 else { throw invalid("expected “from”, “until” or both", token) }
      guard flag.enabledFrom < flag.enabledUntil else { throw invalid("“from” is not before “until”", token) }
    default: throw invalid("expected true, false, or an object with “from” or “until”", token)
    }
  }

  /// Metadata plays no part in evaluation, but what has the wrong form is refused all the same.
  private mutating func checkMetadata(_ token: Int) throws(SnapshotError) {
    guard token != 0 else { return }
    let members = try members(of: token, SnapshotNames.metadata)
    for place in 0..<2 where members[place] != 0 { _ = try string(at: Int(members[place])) }
    try forEachElement(of: Int(members[2])) { loader, tag throws(SnapshotError) in _ = try loader.text(at: tag) }
  }

  /// Fills in the records of a flag's requirements, and returns the flags that it requires.
  private mutating func readRequirements(
    _ list: Int, into records: Reference, of index: Int
  ) throws(SnapshotError) -> [Int] {
    var required: [Int] = []
    try forEachElement(of: list) { loader, token throws(SnapshotError) in
      let members = try loader.members(of: token, SnapshotNames.requirement)
      let name = try loader.required(members, 0, in: token, SnapshotNames.requirement)
      let variants = try loader.required(members, 1, in: token, SnapshotNames.requirement)
      guard let other = try loader.findFlag(name) else {
        throw loader.invalid("the snapshot has no flag “\(loader.tape.string(at: name))”", name)
      }
      let count = try loader.count(ofElements: variants)
      guard count > 0 else { throw loader.invalid("expected one variant at least", variants) }
      if loader.trial != nil {
        required.append(other)
        return try loader.rememberDemands(variants, of: other)
      }
      let flag: FlagRecord = loader.arena[loader.flagRecords, other]
      let indices = loader.arena.reserve(UInt32.self, count: count)
      var place = 0
      try loader.forEachElement(of: variants) { loader, token throws(SnapshotError) in
        let variant = try loader.variant(at: token, of: flag)
        loader.arena[indices, place] = variant
        place += 1
      }
      loader.arena[records, required.count] = RequirementRecord(
        flag: loader.flagRecords + UInt32(other * MemoryLayout<FlagRecord>.stride), variantCount: UInt32(count),
        variants: indices)
      required.append(other)
    }
    return required
  }

  /// The payload of a string token in a table, or nil.
  mutating func find(_ token: Int, in table: Reference) throws(SnapshotError) -> Int? {
    let text = try text(at: token)
    let base = UnsafeRawPointer(arena.base)
    guard let start = base.text(text).baseAddress else { return nil }
    let count = Int(text.count)
    return base.find(start, count, hash: TextHash.hash(start, count), in: table).map(Int.init)
  }

  private mutating func readTargets(_ list: Int, of flag: FlagRecord) throws(SnapshotError) -> Reference {
    var total = 0
    try forEachElement(of: list) { loader, token throws(SnapshotError) in
      let members = try loader.members(of: token, SnapshotNames.target)
      total += try loader.count(ofElements: loader.required(members, 0, in: token, SnapshotNames.target))
    }
    guard total > 0 else { return 0 }
    let table = arena.appendTable(capacity: total)
    try forEachElement(of: list) { loader, token throws(SnapshotError) in
      let members = try loader.members(of: token, SnapshotNames.target)
      let variant = try loader.variant(
        at: loader.required(members, 1, in: token, SnapshotNames.target), of: flag)
      try loader.forEachElement(of: Int(members[0])) { loader, key throws(SnapshotError) in
        guard loader.arena.insert(try loader.text(at: key), variant, into: table) else {
          throw loader.invalid("the targeting key “\(loader.tape.string(at: key))” stands twice", key)
        }
      }
    }
    return table
  }

  /// Refuses two rules of one name.
  ///
  /// Few rules are compared with each other, many go through a table.
  private mutating func checkRuleNames(_ flag: FlagRecord, _ list: Int) throws(SnapshotError) {
    let count = Int(flag.ruleCount)
    let table = count > 16 ? arena.appendTable(capacity: count) : 0
    let base = UnsafeRawPointer(arena.base)
    let rules = base.record(flag.rules, as: RuleRecord.self)
    for index in 0..<count {
      let name = rules[index].name
      let isRepeated =
        table != 0
        ? !arena.insert(name, into: table)
        : (0..<index).contains { base.text(rules[$0].name).elementsEqual(base.text(name)) }
      if isRepeated { throw invalid("two rules are named “\(base.string(name))”", list) }
    }
  }

  private mutating func readRules(_ list: Int, of flag: inout FlagRecord) throws(SnapshotError) {
    guard list != 0 else { return }
    let count = try count(ofElements: list)
    let rules = arena.reserve(RuleRecord.self, count: count)
    let fixed = flag
    var place = 0
    try forEachElement(of: list) { loader, token throws(SnapshotError) in
      let members = try loader.members(of: token, SnapshotNames.rule)
      let nameToken = try loader.required(members, 0, in: token, SnapshotNames.rule)
      let name = try loader.text(at: nameToken)
      var rule = RuleRecord(
        name: name, when: 0, serve: 0, share: UInt32(Bucketing.count), hash: HashRecord(attribute: 0, prefix: Murmur3())
      )
      if members[3] != 0 { rule.when = try loader.readCondition(Int(members[3])) }
      if members[2] != 0 { try loader.readShare(Int(members[2]), of: &rule) }
      rule.serve = try loader.readServe(
        loader.required(members, 1, in: token, SnapshotNames.rule), of: fixed)
      loader.arena[rules, place] = rule
      loader.work += 1
      place += 1
    }
    flag.rules = rules
    flag.ruleCount = UInt32(count)
    try checkRuleNames(flag, list)
  }
}
