// What rules serve, and to how many: shares, splits as ranges, ramps.

extension SnapshotLoader {
  /// Reads a rule's share.
  mutating func readShare(_ token: Int, of rule: inout RuleRecord) throws(SnapshotError) {
    let members = try members(of: token, SnapshotNames.share)
    let names = SnapshotNames.share
    rule.share = UInt32(try integer(at: required(members, 1, in: token, names), in: 0...Int64(Bucketing.count - 1)))
    let seed = try required(members, 3, in: token, names)
    rule.hash = HashRecord(
      attribute: try hashed(required(members, 0, in: token, names), by: required(members, 2, in: token, names)),
      prefix: try prefix(seed, "/share/"))
  }

  /// Checks the algorithm of a hash, and returns the attribute that it hashes.
  private mutating func hashed(_ algorithm: Int, by attribute: Int) throws(SnapshotError) -> AttributeIndex {
    guard matches(algorithm, Bucketing.algorithmName) else {
      throw invalid("unknown algorithm; known is \(Bucketing.algorithm)", algorithm)
    }
    return try self.attribute(at: attribute)
  }

  /// The state of a hash after a seed and what separates it from the value.
  private mutating func prefix(_ seed: Int, _ separator: String) throws(SnapshotError) -> Murmur3 {
    var hash = Murmur3()
    if tokens[seed].kind == .string, !tokens[seed].hasEscapes {
      hash.update(UnsafeRawBufferPointer(raw(seed)))
    } else {
      hash.update(try string(at: seed))
    }
    hash.update(separator)
    return hash
  }

  /// Reads any serve form, and returns its record.
  mutating func readServe(_ token: Int, of flag: FlagRecord) throws(SnapshotError) -> Reference {
    typealias Name = SnapshotNames.Serve
    let names = SnapshotNames.serve
    let members = try members(of: token, names)
    var serve = ServeRecord(
      form: .variant, isLinear: false, variant: 0, ramped: 0, hash: HashRecord(attribute: 0, prefix: Murmur3()),
      count: 0, parts: 0)
    let isVariant = members[Name.variant] != 0
    let isRanges = members[Name.ranges] != 0
    let isRamp = members[Name.ramp] != 0
    guard isVariant ? !isRanges && !isRamp : isRanges != isRamp else {
      throw invalid("expected one of “variant”, “ranges” and “ramp”", token)
    }
    if isVariant {
      guard members[Name.algorithm] == 0, members[Name.by] == 0, members[Name.seed] == 0 else {
        throw invalid("“algorithm”, “by” and “seed” go with “ranges” and “ramp”", token)
      }
      serve.variant = try variant(at: Int(members[Name.variant]), of: flag)
      return arena.append(serve)
    }
    let seed = try required(members, Name.seed, in: token, names)
    serve.hash = HashRecord(
      attribute: try hashed(
        required(members, Name.algorithm, in: token, names), by: required(members, Name.by, in: token, names)),
      prefix: try prefix(seed, "/"))
    if isRanges {
      try readRanges(Int(members[Name.ranges]), of: flag, into: &serve)
    } else {
      try readRamp(Int(members[Name.ramp]), of: flag, into: &serve)
    }
    return arena.append(serve)
  }

  private mutating func readRanges(
    _ list: Int, of flag: FlagRecord, into serve: inout ServeRecord
  ) throws(SnapshotError) {
    let count = try count(ofElements: list)
    let ranges = arena.reserve(RangeRecord.self, count: count)
    var place = 0
    var covered: Int64 = 0
    try forEachElement(of: list) { loader, token throws(SnapshotError) in
      guard loader.tokens[token].kind == .array, loader.tokens[token].extent == token + 4 else {
        throw loader.invalid("expected a range: [variant, from, to]", token)
      }
      let from = try loader.integer(at: token + 2, in: 0...Int64(Bucketing.count))
      let to = try loader.integer(at: token + 3, in: 0...Int64(Bucketing.count))
      guard from == covered else { throw loader.invalid("the range has to begin at \(covered)", token) }
      guard from < to else { throw loader.invalid("the range is empty", token) }
      let variant = try loader.variant(at: token + 1, of: flag)
      loader.arena[ranges, place] = RangeRecord(end: UInt32(to), variant: variant)
      covered = to
      place += 1
    }
    guard covered == Bucketing.count else {
      throw invalid("the ranges end at \(covered) of \(Bucketing.count)", list)
    }
    serve.form = .ranges
    serve.count = UInt32(count)
    serve.parts = ranges
  }

  private mutating func readRamp(_ token: Int, of flag: FlagRecord, into serve: inout ServeRecord) throws(SnapshotError)
  {
    let names = SnapshotNames.ramp
    let members = try members(of: token, names)
    serve.form = .ramp
    serve.variant = try variant(at: required(members, 0, in: token, names), of: flag)
    serve.ramped = try variant(at: required(members, 3, in: token, names), of: flag)
    let shape = try required(members, 1, in: token, names)
    guard matches(shape, "step") || matches(shape, "linear") else {
      throw invalid("expected “step” or “linear”", shape)
    }
    serve.isLinear = matches(shape, "linear")
    let list = try required(members, 2, in: token, names)
    let count = try count(ofElements: list)
    guard count > 0 else { throw invalid("a ramp has one step at least", list) }
    let steps = arena.reserve(StepRecord.self, count: count)
    var place = 0
    try forEachElement(of: list) { loader, token throws(SnapshotError) in
      guard loader.tokens[token].kind == .array, loader.tokens[token].extent == token + 3 else {
        throw loader.invalid("expected a step: [milliseconds, buckets]", token)
      }
      let step = StepRecord(
        at: try loader.instant(at: token + 1),
        buckets: try loader.integer(at: token + 2, in: 0...Int64(Bucketing.count)))
      if place > 0 {
        let previous: StepRecord = loader.arena[steps, place - 1]
        guard previous.at < step.at else { throw loader.invalid("the step is not after the one before", token) }
        guard previous.buckets <= step.buckets else { throw loader.invalid("a ramp never falls", token) }
      }
      loader.arena[steps, place] = step
      place += 1
    }
    serve.count = UInt32(count)
    serve.parts = steps
  }
}
