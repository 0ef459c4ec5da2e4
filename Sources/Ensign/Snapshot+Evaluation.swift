extension Snapshot {
  /// A flag of the snapshot, found once and evaluated often.
  ///
  /// Looking a flag up by its key takes longer than evaluating a simple one. A handle belongs to its snapshot, and
  /// keeps it alive: after loading new flags, ask the new snapshot for new handles.
  public struct Flag: Sendable {
    /// The snapshot that the flag belongs to.
    public let snapshot: Snapshot
    /// The snapshot's buffer, beside it so that evaluating need not touch the object, whose reference count other
    /// threads may be writing.
    nonisolated(unsafe) let base: UnsafeRawPointer
    let reference: Reference

    var record: UnsafePointer<FlagRecord> { base.record(reference, as: FlagRecord.self) }

    /// The flag's key.
    public var key: String { base.string(record.pointee.key) }
    /// The type of its values.
    public var type: FlagType { record.pointee.type }
  }

  /// The flag of a key, or nil.
  public func flag(_ key: String) -> Flag? {
    find(key).map { Flag(snapshot: self, base: base, reference: $0) }
  }

  /// The value of a flag of type `boolean`; `default` when there is no such flag, or it is of another type.
  public func boolean(_ key: String, in context: Context, default fallback: Bool) -> Bool {
    guard let flag = find(key, .boolean) else { return fallback }
    return base.value(flag, in: context) == 1
  }

  /// The value of a flag of type `string`; `default` when there is no such flag, or it is of another type.
  public func string(_ key: String, in context: Context, default fallback: String) -> String {
    guard let flag = find(key, .string) else { return fallback }
    return texts[Int(truncatingIfNeeded: base.value(flag, in: context))]
  }

  /// The value of a flag of type `integer`; `default` when there is no such flag, or it is of another type.
  public func integer(_ key: String, in context: Context, default fallback: Int64) -> Int64 {
    guard let flag = find(key, .integer) else { return fallback }
    return Int64(bitPattern: base.value(flag, in: context))
  }

  /// The value of a flag of type `number`; `default` when there is no such flag, or it is of another type.
  public func number(_ key: String, in context: Context, default fallback: Double) -> Double {
    guard let flag = find(key, .number) else { return fallback }
    return Double(bitPattern: base.value(flag, in: context))
  }

  /// The value of a flag of type `object`; `default` when there is no such flag, or it is of another type.
  public func object(_ key: String, in context: Context, default fallback: JSONValue) -> JSONValue {
    guard let flag = find(key, .object) else { return fallback }
    return objects[Int(truncatingIfNeeded: base.value(flag, in: context))]
  }

  /// What a flag gives, and why.
  ///
  /// - Parameters:
  ///   - key: the flag's key.
  ///   - type: the type that the caller expects, if it minds; another one is the error
  ///     ``Evaluation/ErrorCode/typeMismatch``.
  ///   - context: who is asking.
  public func evaluate(_ key: String, as type: FlagType? = nil, in context: Context) -> Evaluation {
    evaluate(key, as: type, in: context, forcedBucket: nil)
  }

  /// What a flag gives when every hash falls into one bucket: for flag tests.
  ///
  /// - Parameter forcedBucket: 0 to 99,999; it replaces the hash, not the attribute, which has to be there all the
  /// same.
  package func evaluate(
    _ key: String, as type: FlagType? = nil, in context: Context, forcedBucket: Int?
  ) -> Evaluation {
    guard let flag = find(key) else { return Evaluation(flag: key, error: .flagNotFound) }
    guard type == nil || type == base.record(flag, as: FlagRecord.self).pointee.type else {
      return Evaluation(flag: key, error: .typeMismatch)
    }
    let decision = base.withEvaluator(context, forcedBucket: forcedBucket) { $0.decide(flag) }
    return evaluation(key, flag, decision)
  }

  /// What all flags give, sorted by key.
  ///
  /// All see the same moment.
  public func evaluateAll(in context: Context) -> [Evaluation] {
    var evaluations: [Evaluation] = []
    evaluations.reserveCapacity(count)
    forEachEvaluation(in: context) { evaluation, _ in evaluations.append(evaluation) }
    return evaluations
  }

  /// Calls `body` with what each flag gives, and its type, sorted by key.
  ///
  /// All see the same moment.
  package func forEachEvaluation(in context: Context, _ body: (Evaluation, FlagType) -> Void) {
    base.withEvaluator(prepare(context), forcedBucket: nil) { evaluator in
      for place in 0..<count {
        let flag = base.flag(sorted: place)
        let record = base.record(flag, as: FlagRecord.self)
        body(evaluation(base.string(record.pointee.key), flag, evaluator.decide(flag)), record.pointee.type)
      }
    }
  }
}

extension Snapshot.Flag {
  /// The flag's value; `default` when it is not of type `boolean`.
  public func boolean(in context: Context, default fallback: Bool) -> Bool {
    guard type == .boolean else { return fallback }
    return base.value(reference, in: context) == 1
  }

  /// The flag's value; `default` when it is not of type `string`.
  public func string(in context: Context, default fallback: String) -> String {
    guard type == .string else { return fallback }
    return snapshot.texts[Int(truncatingIfNeeded: base.value(reference, in: context))]
  }

  /// The flag's value; `default` when it is not of type `integer`.
  public func integer(in context: Context, default fallback: Int64) -> Int64 {
    guard type == .integer else { return fallback }
    return Int64(bitPattern: base.value(reference, in: context))
  }

  /// The flag's value; `default` when it is not of type `number`.
  public func number(in context: Context, default fallback: Double) -> Double {
    guard type == .number else { return fallback }
    return Double(bitPattern: base.value(reference, in: context))
  }

  /// The flag's value; `default` when it is not of type `object`.
  public func object(in context: Context, default fallback: JSONValue) -> JSONValue {
    guard type == .object else { return fallback }
    return snapshot.objects[Int(truncatingIfNeeded: base.value(reference, in: context))]
  }

  /// What the flag gives, and why.
  public func evaluate(in context: Context) -> Evaluation {
    let decision = base.withEvaluator(context, forcedBucket: nil) { $0.decide(reference) }
    return snapshot.evaluation(key, reference, decision)
  }
}

extension Snapshot {
  /// The record of a flag.
  @inline(__always)
  func find(_ key: String) -> Reference? {
    var key = key
    let index = key.withUTF8 { key -> UInt32? in
      guard let start = key.baseAddress else { return nil }
      return base.find(start, key.count, hash: TextHash.hash(start, key.count), in: base.head.pointee.flagTable)
    }
    guard let index else { return nil }
    return base.head.pointee.flags &+ index &* Reference(MemoryLayout<FlagRecord>.stride)
  }

  @inline(__always)
  private func find(_ key: String, _ type: FlagType) -> Reference? {
    guard let flag = find(key), base.record(flag, as: FlagRecord.self).pointee.type == type else { return nil }
    return flag
  }

  func evaluation(_ key: String, _ flag: Reference, _ decision: Decision) -> Evaluation {
    let record = base.record(flag, as: FlagRecord.self)
    let variant = base.record(record.pointee.variants, as: VariantRecord.self) + Int(decision.variant)
    return Evaluation(
      flag: key, value: value(variant.pointee.value, of: record.pointee.type),
      variant: base.string(variant.pointee.name), reason: decision.reason, decidedBy: place(record, decision),
      bucket: decision.bucket < 0 ? nil : Int(decision.bucket), errorCode: nil)
  }

  private func value(_ bits: UInt64, of type: FlagType) -> JSONValue {
    switch type {
    case .boolean: .boolean(bits == 1)
    case .string: .string(texts[Int(truncatingIfNeeded: bits)])
    case .integer: .integer(Int64(bitPattern: bits))
    case .number: .number(Double(bitPattern: bits))
    case .object: objects[Int(truncatingIfNeeded: bits)]
    }
  }

  private func place(_ flag: UnsafePointer<FlagRecord>, _ decision: Decision) -> Evaluation.Place {
    switch decision.place {
    case .disabled: .disabled
    case .requires: .requires
    case .targets: .targets
    case .rule:
      .rule(base.string(base.record(flag.pointee.rules, as: RuleRecord.self)[Int(decision.rule)].name))
    case .otherwise: .otherwise
    }
  }
}

extension UnsafeRawPointer {
  /// The value of the variant that a flag of the prepared buffer serves, in the form of its record.
  @inline(__always)
  func value(_ flag: Reference, in context: borrowing Context) -> UInt64 {
    let decision = withEvaluator(context, forcedBucket: nil) { $0.decide(flag) }
    let variants = record(record(flag, as: FlagRecord.self).pointee.variants, as: VariantRecord.self)
    return variants[Int(decision.variant)].value
  }

  /// Calls `body` with an evaluator over a context's prepared slots, if they are for this buffer, or over its values.
  @inline(__always)
  func withEvaluator<Result>(
    _ context: borrowing Context, forcedBucket: Int?, _ body: (Evaluator) -> Result
  ) -> Result {
    if let slots = context.slots(for: self) {
      var frame = Evaluator.Frame(lazy: nil, now: context.now, forcedBucket: forcedBucket)
      return withExtendedLifetime(context) {
        withUnsafeMutablePointer(to: &frame) { body(Evaluator(base: self, slots: slots, frame: $0)) }
      }
    }
    return withUnsafeTemporaryAllocation(byteCount: LazySlots.size, alignment: 16) { lent in
      var lazy = LazySlots(context.attributesInPlace(), lent)
      defer { lazy.memory.free() }
      return withUnsafeMutablePointer(to: &lazy) { lazy in
        var frame = Evaluator.Frame(lazy: lazy, now: context.now, forcedBucket: forcedBucket)
        return withExtendedLifetime(context) {
          withUnsafeMutablePointer(to: &frame) { body(Evaluator(base: self, slots: nil, frame: $0)) }
        }
      }
    }
  }
}

extension Evaluation {
  /// An evaluation that gave no value.
  init(flag: String, error: ErrorCode) {
    self.init(
      flag: flag, value: nil, variant: nil, reason: .error, decidedBy: nil, bucket: nil, errorCode: error)
  }
}
