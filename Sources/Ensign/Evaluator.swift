/// One evaluation: the snapshot's prepared buffer, the context's slots, and what else belongs to the call.
///
/// All of it is plain memory: while an evaluator works, no reference is counted and nothing is locked. The evaluator
/// itself fits three registers; what it rarely looks at is in the call's frame.
struct Evaluator {
  let base: UnsafeRawPointer
  /// Slots for all attributes, of a context that was prepared for this snapshot; otherwise the frame makes them.
  private let slots: UnsafePointer<ContextSlot>?
  private let frame: UnsafeMutablePointer<Frame>

  /// What a call brings along.
  struct Frame {
    /// Slots yet to be made, from the context's own values; nil where they are prepared.
    let lazy: UnsafeMutablePointer<LazySlots>?
    /// The moment of evaluation, read from the clock when it is first asked for.
    var now: Timestamp?
    /// The bucket that replaces every hash, for flag tests.
    let forcedBucket: Int?
  }

  init(base: UnsafeRawPointer, slots: UnsafePointer<ContextSlot>?, frame: UnsafeMutablePointer<Frame>) {
    precondition(slots != nil || frame.pointee.lazy != nil, "slots come from somewhere")
    self.base = base
    self.slots = slots
    self.frame = frame
  }

  /// What the context says about an attribute other than `now`.
  @inline(__always)
  func slot(_ attribute: AttributeIndex) -> UnsafePointer<ContextSlot> {
    if let slots { return slots + Int(attribute) }
    return lazySlot(attribute)
  }

  @inline(never)
  private func lazySlot(_ attribute: AttributeIndex) -> UnsafePointer<ContextSlot> {
    // The initialiser has seen to it.
    frame.pointee.lazy.unsafelyUnwrapped.pointee.slot(attribute, base)
  }

  /// The moment of evaluation in milliseconds; the same for all that this evaluator does.
  @inline(never)
  func instant() -> Int64 {
    if let now = frame.pointee.now { return now.milliseconds }
    let now = Timestamp.now()
    frame.pointee.now = now
    return now.milliseconds
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
  /// The bucket of the serve's hash, or of the share's where the serve has none; -1 without a hash.
  var bucket: Int32 = -1

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
  func decide(_ reference: Reference) -> Decision {
    let flag = base.record(reference, as: FlagRecord.self)
    guard isEnabled(flag) else { return Decision(variant: flag.pointee.off, reason: .disabled, place: .disabled) }
    guard flag.pointee.requirementCount == 0 || meetsRequirements(flag) else {
      return Decision(variant: flag.pointee.off, reason: .prerequisiteFailed, place: .requires)
    }
    if let variant = target(flag) { return Decision(variant: variant, reason: .targetingMatch, place: .targets) }
    let rules = base.record(flag.pointee.rules, as: RuleRecord.self)
    var index: UInt32 = 0
    while index < flag.pointee.ruleCount {
      let rule = rules + Int(index)
      if rule.pointee.when == 0 || holds(rule.pointee.when), let decision = decide(rule, index) { return decision }
      index &+= 1
    }
    return decideOtherwise(flag)
  }

  @inline(__always)
  func isEnabled(_ flag: UnsafePointer<FlagRecord>) -> Bool {
    switch flag.pointee.enabled {
    case .always: return true
    case .never: return false
    case .window:
      let now = instant()
      return flag.pointee.enabledFrom <= now && now < flag.pointee.enabledUntil
    }
  }

  @inline(never)
  private func meetsRequirements(_ flag: UnsafePointer<FlagRecord>) -> Bool {
    let requirements = base.record(flag.pointee.requirements, as: RequirementRecord.self)
    for index in 0..<Int(flag.pointee.requirementCount) where !meets(requirements + index) { return false }
    return true
  }

  /// Whether a prerequisite serves one of the variants required.
  ///
  /// A disabled one serves its off variant.
  func meets(_ requirement: UnsafePointer<RequirementRecord>) -> Bool {
    let served = decide(requirement.pointee.flag).variant
    let variants = base.record(requirement.pointee.variants, as: UInt32.self)
    for index in 0..<Int(requirement.pointee.variantCount) where variants[index] == served { return true }
    return false
  }

  /// The variant that a flag has for this very targeting key, if any.
  @inline(__always)
  func target(_ flag: UnsafePointer<FlagRecord>) -> UInt32? {
    guard flag.pointee.targets != 0 else { return nil }
    return find(slot(.targetingKey), in: flag.pointee.targets)
  }

  /// The payload of a slot's text in a table; nil also when the slot is no text.
  @inline(__always)
  private func find(_ slot: UnsafePointer<ContextSlot>, in table: Reference) -> UInt32? {
    guard slot.pointee.isTyped, let start = slot.pointee.text.baseAddress else { return nil }
    return base.find(start, Int(slot.pointee.count), hash: slot.pointee.textHash, in: table)
  }

  /// What a rule decides whose condition holds; nil when its share leaves the context out, or there is no value to
  /// hash.
  @inline(never)
  private func decide(_ rule: UnsafePointer<RuleRecord>, _ index: UInt32) -> Decision? {
    var shareBucket: Int32 = -1
    if rule.pointee.share < Bucketing.count {
      guard let bucket = bucket(rule.pointee.hash), bucket < Int(rule.pointee.share) else { return nil }
      shareBucket = Int32(truncatingIfNeeded: bucket)
    }
    let serve = base.record(rule.pointee.serve, as: ServeRecord.self)
    guard serve.pointee.form != .variant else {
      return Decision(
        variant: serve.pointee.variant, reason: shareBucket < 0 ? .targetingMatch : .split, place: .rule,
        rule: index, bucket: shareBucket)
    }
    guard let bucket = bucket(serve.pointee.hash) else { return nil }
    return Decision(
      variant: variant(serve, bucket), reason: .split, place: .rule, rule: index,
      bucket: Int32(truncatingIfNeeded: bucket))
  }

  @inline(__always)
  private func decideOtherwise(_ flag: UnsafePointer<FlagRecord>) -> Decision {
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
  func bucket(_ hash: HashRecord) -> Int? {
    guard hash.attribute != .now else { return nil }
    let slot = slot(hash.attribute)
    var prefix = hash.prefix
    switch slot.pointee.kind {
    case .string: prefix.update(UnsafeRawBufferPointer(slot.pointee.text))
    case .integer: prefix = self.hash(Int64(bitPattern: slot.pointee.bits), after: prefix)
    case .boolean: prefix = self.hash(slot.pointee.bits == 1, after: prefix)
    case .missing, .number, .list, .timestamp: return nil
    }
    return frame.pointee.forcedBucket ?? Bucketing.bucket(prefix.finish())
  }

  @inline(never)
  private func hash(_ value: Bool, after prefix: Murmur3) -> Murmur3 {
    var hash = prefix
    hash.update(value ? "true" : "false")
    return hash
  }

  /// Hashes an integer's decimal digits.
  @inline(never)
  private func hash(_ value: Int64, after prefix: Murmur3) -> Murmur3 {
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
      var hash = prefix
      hash.update(UnsafeRawBufferPointer(rebasing: digits[start...]))
      return hash
    }
  }

  /// The variant that a split or a ramp serves in a bucket.
  @inline(__always)
  func variant(_ serve: UnsafePointer<ServeRecord>, _ bucket: Int) -> UInt32 {
    if serve.pointee.form == .ramp {
      return bucket < ramped(serve) ? serve.pointee.ramped : serve.pointee.variant
    }
    // The ranges end with the last bucket, so one of them ends behind any.
    var range = base.record(serve.pointee.parts, as: RangeRecord.self)
    while bucket >= Int(range.pointee.end) { range += 1 }
    return range.pointee.variant
  }

  /// How many buckets a ramp has brought in by now, from 0 up.
  @inline(never)
  func ramped(_ serve: UnsafePointer<ServeRecord>) -> Int {
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
