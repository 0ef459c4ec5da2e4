/// One evaluation: the snapshot's prepared buffer, the context's slots, and what has been found out so far.
///
/// All of it is plain memory: while an evaluator works, no reference is counted and nothing is locked.
struct Evaluator {
  let base: UnsafeRawPointer
  /// The attributes' records.
  let records: UnsafePointer<AttributeRecord>
  /// Slots for all attributes, of a context that was prepared for this snapshot.
  let prepared: UnsafePointer<ContextSlot>?
  /// Otherwise slots are made when they are asked for, from the context's own values.
  var lazy: LazySlots
  /// The moment of evaluation, read from the clock when it is first asked for.
  private var now: Int64?
  /// The bucket that replaces every hash, for flag tests.
  let forcedBucket: Int?

  init(
    base: UnsafeRawPointer, records: UnsafePointer<AttributeRecord>, prepared: UnsafePointer<ContextSlot>?,
    lazy: LazySlots, now: Timestamp?, forcedBucket: Int?
  ) {
    self.base = base
    self.records = records
    self.prepared = prepared
    self.lazy = lazy
    self.now = now?.milliseconds
    self.forcedBucket = forcedBucket
  }

  /// What the context says about an attribute other than `now`.
  @inline(__always)
  mutating func slot(_ attribute: AttributeIndex) -> UnsafePointer<ContextSlot> {
    if let prepared { return prepared + Int(attribute) }
    return lazy.slot(attribute, records[Int(attribute)], base)
  }

  /// The moment of evaluation; the same for all that this evaluator does.
  mutating func instant() -> Int64 {
    if let now { return now }
    let present = Timestamp.now().milliseconds
    now = present
    return present
  }
}

/// What was decided for a flag.
struct Decision {
  /// The index of the variant.
  var variant: UInt32
  var reason: Evaluation.Reason
  var place: Place
  /// The rule's index, where a rule decided.
  var rule: UInt32 = 0
  /// The bucket of the serve's hash, or of the share's where the serve has none; nil without a hash.
  var bucket: Int32?

  /// What decided.
  enum Place: UInt8 {
    case disabled
    case requires
    case targets
    case rule
    case otherwise
  }
}

extension Evaluator {
  /// Decides a flag, after design 01's "Evaluation, exactly".
  mutating func decide(_ reference: Reference) -> Decision {
    let flag = base.record(reference, as: FlagRecord.self)
    guard isEnabled(flag) else { return Decision(variant: flag.pointee.off, reason: .disabled, place: .disabled) }
    guard meetsRequirements(flag) else {
      return Decision(variant: flag.pointee.off, reason: .prerequisiteFailed, place: .requires)
    }
    if let variant = target(flag) { return Decision(variant: variant, reason: .targetingMatch, place: .targets) }
    let rules = base.record(flag.pointee.rules, as: RuleRecord.self)
    var index: UInt32 = 0
    while index < flag.pointee.ruleCount {
      if let decision = decide(rules + Int(index), index) { return decision }
      index &+= 1
    }
    return decideOtherwise(flag)
  }

  @inline(__always)
  mutating func isEnabled(_ flag: UnsafePointer<FlagRecord>) -> Bool {
    switch flag.pointee.enabled {
    case .always: return true
    case .never: return false
    case .window:
      let now = instant()
      return flag.pointee.enabledFrom <= now && now < flag.pointee.enabledUntil
    }
  }

  private mutating func meetsRequirements(_ flag: UnsafePointer<FlagRecord>) -> Bool {
    let requirements = base.record(flag.pointee.requirements, as: RequirementRecord.self)
    for index in 0..<Int(flag.pointee.requirementCount) where !meets(requirements + index) { return false }
    return true
  }

  /// Whether a prerequisite serves one of the variants required. A disabled one serves its off variant.
  mutating func meets(_ requirement: UnsafePointer<RequirementRecord>) -> Bool {
    let served = decide(requirement.pointee.flag).variant
    let variants = base.record(requirement.pointee.variants, as: UInt32.self)
    for index in 0..<Int(requirement.pointee.variantCount) where variants[index] == served { return true }
    return false
  }

  /// The variant that a flag has for this very targeting key, if any.
  @inline(__always)
  mutating func target(_ flag: UnsafePointer<FlagRecord>) -> UInt32? {
    guard flag.pointee.targets != 0 else { return nil }
    return find(slot(.targetingKey), in: flag.pointee.targets)
  }

  /// The payload of a slot's text in a table; nil also when the slot is no text.
  @inline(__always)
  private func find(_ slot: UnsafePointer<ContextSlot>, in table: Reference) -> UInt32? {
    guard slot.pointee.isTyped, let start = slot.pointee.text.baseAddress else { return nil }
    return base.find(start, Int(slot.pointee.count), hash: slot.pointee.hash, in: table)
  }

  /// What a rule decides; nil when it does not apply.
  @inline(__always)
  private mutating func decide(_ rule: UnsafePointer<RuleRecord>, _ index: UInt32) -> Decision? {
    if rule.pointee.when != 0, !holds(rule.pointee.when) { return nil }
    var shareBucket: Int32?
    if rule.pointee.share < Bucketing.count {
      guard let bucket = bucket(rule.pointee.hash), bucket < Int(rule.pointee.share) else { return nil }
      shareBucket = Int32(truncatingIfNeeded: bucket)
    }
    let serve = base.record(rule.pointee.serve, as: ServeRecord.self)
    guard serve.pointee.form != .variant else {
      return Decision(
        variant: serve.pointee.variant, reason: shareBucket == nil ? .targetingMatch : .split, place: .rule,
        rule: index, bucket: shareBucket)
    }
    guard let bucket = bucket(serve.pointee.hash) else { return nil }
    return Decision(
      variant: variant(serve, bucket), reason: .split, place: .rule, rule: index,
      bucket: Int32(truncatingIfNeeded: bucket))
  }

  @inline(__always)
  private mutating func decideOtherwise(_ flag: UnsafePointer<FlagRecord>) -> Decision {
    let serve = base.record(flag.pointee.otherwise, as: ServeRecord.self)
    guard serve.pointee.form != .variant else {
      return Decision(
        variant: serve.pointee.variant, reason: flag.pointee.isStatic ? .static : .default, place: .otherwise)
    }
    guard let bucket = bucket(serve.pointee.hash) else {
      return Decision(variant: flag.pointee.off, reason: .default, place: .otherwise)
    }
    return Decision(
      variant: variant(serve, bucket), reason: .split, place: .otherwise, bucket: Int32(truncatingIfNeeded: bucket))
  }

  /// The bucket of a context; nil when it lacks the attribute, or has a value there that is not hashed.
  @inline(__always)
  mutating func bucket(_ hash: HashRecord) -> Int? {
    guard hash.attribute != .now else { return nil }
    let slot = slot(hash.attribute)
    var prefix = hash.prefix
    switch slot.pointee.kind {
    case .string: prefix.update(UnsafeRawBufferPointer(slot.pointee.text))
    case .integer: updateWithInteger(&prefix, slot.pointee.integer)
    case .boolean: prefix.update(slot.pointee.bits == 1 ? "true" : "false")
    case .missing, .number, .list, .timestamp: return nil
    }
    return forcedBucket ?? Bucketing.bucket(prefix.finish())
  }

  /// Hashes an integer's decimal digits.
  private func updateWithInteger(_ hash: inout Murmur3, _ value: Int64) {
    withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
      var start = 20
      var rest = value.magnitude
      repeat {
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      } while rest > 0
      if value < 0 {
        start -= 1
        digits[start] = UInt8(ascii: "-")
      }
      hash.update(UnsafeRawBufferPointer(rebasing: digits[start...]))
    }
  }

  /// The variant that a split or a ramp serves in a bucket.
  @inline(__always)
  mutating func variant(_ serve: UnsafePointer<ServeRecord>, _ bucket: Int) -> UInt32 {
    if serve.pointee.form == .ramp {
      return bucket < ramped(serve) ? serve.pointee.ramped : serve.pointee.variant
    }
    // The ranges end with the last bucket, so one of them ends behind any.
    var range = base.record(serve.pointee.parts, as: RangeRecord.self)
    while bucket >= Int(range.pointee.end) { range += 1 }
    return range.pointee.variant
  }

  /// How many buckets a ramp has brought in by now, from 0 up.
  mutating func ramped(_ serve: UnsafePointer<ServeRecord>) -> Int {
    let steps = base.record(serve.pointee.parts, as: StepRecord.self)
    let count = Int(serve.pointee.count)
    let now = instant()
    guard steps[0].at <= now else { return 0 }
    var current = 0
    while current + 1 < count, steps[current + 1].at <= now { current += 1 }
    guard serve.pointee.isLinear, current + 1 < count else { return Int(steps[current].buckets) }
    let (from, to) = (steps[current], steps[current + 1])
    // At most 100,000 times the milliseconds of ten thousand years: inside 64 bits.
    return Int(from.buckets + (to.buckets - from.buckets) * (now - from.at) / (to.at - from.at))
  }
}
