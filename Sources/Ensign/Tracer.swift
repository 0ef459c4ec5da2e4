extension Snapshot {
  /// How a flag comes to its decision; nil when there is no such flag.
  ///
  /// - Parameter forcedBucket: replaces every hash, as in `evaluate(_:as:in:forcedBucket:)`.
  package func trace(_ key: String, in context: Context, forcedBucket: Int? = nil) -> Trace? {
    guard let flag = find(key) else { return nil }
    return base.withEvaluator(context, forcedBucket: forcedBucket) { evaluator in
      Tracer(snapshot: self, context: context, evaluator: evaluator).trace(flag)
    }
  }
}

/// Follows a flag's records for their verdicts, and its part of the document, side by side, for their words.
private struct Tracer {
  let snapshot: Snapshot
  let context: Context
  let evaluator: Evaluator

  var base: UnsafeRawPointer { snapshot.base }

  func trace(_ reference: Reference) -> Trace {
    let flag = base.record(reference, as: FlagRecord.self)
    let document = snapshot.document(at: flag.pointee.document)
    let decision = evaluator.decide(reference)
    let key = base.string(flag.pointee.key)
    var trace = Trace(evaluation: snapshot.evaluation(key, reference, decision))
    if flag.pointee.enabled == .window {
      trace.window = Trace.Window(
        from: document["enabled"]?["from"]?.integer.map(Timestamp.init(milliseconds:)),
        until: document["enabled"]?["until"]?.integer.map(Timestamp.init(milliseconds:)),
        now: Timestamp(milliseconds: evaluator.instant()))
    }
    guard decision.place != .disabled else { return trace }
    trace.requirements = requirements(flag, document["requires"]?.array ?? [])
    guard decision.place != .requires else { return trace }
    if flag.pointee.targets != 0 {
      trace.target = Trace.Target(
        targetingKey: context.targetingKey, variant: evaluator.target(flag).map { variantName(flag, $0) })
    }
    guard decision.place != .targets else { return trace }
    let decidedAt = decision.place == .rule ? Int(decision.rule) : Int(flag.pointee.ruleCount)
    trace.rules = rules(flag, document["rules"]?.array ?? [], decidedAt)
    if decision.place == .otherwise {
      trace.otherwise = serve(flag, flag.pointee.otherwise, document["otherwise"], off: flag.pointee.off)
    }
    return trace
  }

  private func variantName(_ flag: UnsafePointer<FlagRecord>, _ index: UInt32) -> String {
    base.string(base.record(flag.pointee.variants, as: VariantRecord.self)[Int(index)].name)
  }

  /// The prerequisites up to the first that fails, as the evaluator sees them.
  private func requirements(_ flag: UnsafePointer<FlagRecord>, _ documents: [JSONValue]) -> [Trace.Requirement] {
    let records = base.record(flag.pointee.requirements, as: RequirementRecord.self)
    var requirements: [Trace.Requirement] = []
    for (index, document) in documents.enumerated() {
      let holds = evaluator.meets(records + index)
      requirements.append(
        Trace.Requirement(
          variants: document["variants"]?.array?.compactMap(\.string) ?? [], holds: holds,
          trace: trace(records[index].flag)))
      if !holds { break }
    }
    return requirements
  }

  private func rules(
    _ flag: UnsafePointer<FlagRecord>, _ documents: [JSONValue], _ decidedAt: Int
  ) -> [Trace.Rule] {
    let records = base.record(flag.pointee.rules, as: RuleRecord.self)
    return documents.enumerated().map { index, document in
      let name = document["name"]?.string ?? ""
      guard index <= decidedAt else { return Trace.Rule(name: name, outcome: .notReached) }
      return rule(flag, records + index, document, Trace.Rule(name: name, outcome: .decided))
    }
  }

  private func rule(
    _ flag: UnsafePointer<FlagRecord>, _ record: UnsafePointer<RuleRecord>, _ document: JSONValue, _ rule: Trace.Rule
  ) -> Trace.Rule {
    var rule = rule
    if record.pointee.when != 0, let when = document["when"] {
      rule.when = condition(record.pointee.when, when)
      guard evaluator.holds(record.pointee.when) else {
        rule.outcome = .conditionFails
        return rule
      }
    }
    if let share = document["share"] {
      let hash = hash(record.pointee.hash, share)
      let holds = hash.bucket.map { $0 < Int(record.pointee.share) } ?? false
      rule.share = Trace.Share(buckets: Int(record.pointee.share), hash: hash, holds: holds)
      guard holds else {
        rule.outcome = hash.bucket == nil ? .nothingToHash : .outsideShare
        return rule
      }
    }
    rule.serve = serve(flag, record.pointee.serve, document["serve"], off: nil)
    if rule.serve?.variant == nil { rule.outcome = .nothingToHash }
    return rule
  }

  private func hash(_ record: HashRecord, _ document: JSONValue) -> Trace.Hash {
    let by = document["by"]?.string ?? ""
    return Trace.Hash(
      by: by, seed: document["seed"]?.string ?? "", seen: seen(by), bucket: evaluator.bucket(record))
  }

  /// - Parameter off: the variant that is served where there is nothing to hash; nil where a rule does not apply then.
  private func serve(
    _ flag: UnsafePointer<FlagRecord>, _ reference: Reference, _ document: JSONValue?, off: UInt32?
  ) -> Trace.Serve {
    let record = base.record(reference, as: ServeRecord.self)
    guard record.pointee.form != .variant, let document else {
      return Trace.Serve(variant: variantName(flag, record.pointee.variant))
    }
    let hash = hash(record.pointee.hash, document)
    guard let bucket = hash.bucket else {
      return Trace.Serve(variant: off.map { variantName(flag, $0) }, hash: hash)
    }
    var serve = Trace.Serve(variant: variantName(flag, evaluator.variant(record, bucket)), hash: hash)
    if record.pointee.form == .ramp {
      let ramped = evaluator.ramped(record)
      serve.range = bucket < ramped ? 0..<ramped : ramped..<Bucketing.count
      serve.now = Timestamp(milliseconds: evaluator.instant())
    } else {
      let ranges = base.record(record.pointee.parts, as: RangeRecord.self)
      var start = 0
      for index in 0..<Int(record.pointee.count) {
        let end = Int(ranges[index].end)
        if bucket < end {
          serve.range = start..<end
          break
        }
        start = end
      }
    }
    return serve
  }

  /// What the context says of an attribute, as JSON.
  private func seen(_ attribute: String) -> JSONValue? {
    guard attribute != "now" else { return .string(Timestamp(milliseconds: evaluator.instant()).description) }
    switch context[attribute] {
    case nil: return nil
    case .string(let value): return .string(value)
    case .integer(let value): return .integer(value)
    case .number(let value): return value.isFinite ? .number(value) : .string(value.description)
    case .boolean(let value): return .boolean(value)
    case .list(let elements): return .array(elements.map(JSONValue.string))
    case .timestamp(let value): return .string(value.description)
    }
  }
}

// MARK: - Conditions

extension Tracer {
  private func condition(_ reference: Reference, _ document: JSONValue) -> Trace.Condition {
    let record = base.record(reference, as: ConditionRecord.self)
    let child = reference + Reference(MemoryLayout<ConditionRecord>.stride)
    switch record.pointee.test {
    case .all: return .all(children(child, document["all"]?.array ?? []))
    case .any: return .any(children(child, document["any"]?.array ?? []))
    case .not: return .not(condition(child, document["not"] ?? .null))
    case .segment:
      let segments = base.record(record.pointee.operands, as: Reference.self)
      return .segments((0..<Int(record.pointee.count)).map { segment(segments[$0]) })
    default: return .test(test(reference, record, document))
    }
  }

  private func children(_ first: Reference, _ documents: [JSONValue]) -> [Trace.Condition] {
    var child = first
    return documents.map { document in
      defer { child = base.record(child, as: ConditionRecord.self).pointee.end }
      return condition(child, document)
    }
  }

  private func segment(_ reference: Reference) -> Trace.Segment {
    let record = base.record(reference, as: SegmentRecord.self)
    var segment = Trace.Segment(key: base.string(record.pointee.key), listing: .unlisted)
    if evaluator.isListed(in: record.pointee.exclude) {
      segment.listing = .excluded
    } else if evaluator.isListed(in: record.pointee.include) {
      segment.listing = .included
    } else if record.pointee.when != 0, let when = snapshot.document(at: record.pointee.document)["when"] {
      segment.when = condition(record.pointee.when, when)
    }
    return segment
  }

  private func test(
    _ reference: Reference, _ record: UnsafePointer<ConditionRecord>, _ document: JSONValue
  ) -> Trace.Test {
    let index = record.pointee.attribute
    let attribute = base.record(base.head.pointee.attributes, as: AttributeRecord.self)[Int(index)]
    let name = base.string(attribute.name)
    var values = document["values"]?.array ?? []
    if attribute.type == .timestamp {
      values = values.map { .string(Timestamp(milliseconds: $0.integer ?? 0).description) }
    }
    return Trace.Test(
      attribute: name, type: attribute.type, isPrivate: attribute.isPrivate,
      // The loader has read the operator.
      op: document["op"]?.string.flatMap(ConditionOperator.init) ?? .exists, values: values,
      ignoresCase: record.pointee.ignoresCase, seen: seen(name),
      isTyped: index == .now || evaluator.slot(index).pointee.isTyped, holds: evaluator.holds(reference))
  }
}

// MARK: - The document

extension Snapshot {
  /// The object that begins at a place of the document.
  fileprivate func document(at reference: Reference) -> JSONValue {
    let size = HeadRecord.size + Int(base.head.pointee.documentSize)
    let rest = base.text(TextReference(offset: reference, count: UInt32(size) - reference))
    // The loader has read these bytes: the braces match, and the object is JSON.
    let value = try? JSONValue(parsing: Array(rest[..<Self.endOfObject(rest)]))
    return value ?? .null
  }

  /// The length of the object that bytes begin with.
  private static func endOfObject(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var depth = 0
    var index = 0
    var isInString = false
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "\""): isInString.toggle()
      case UInt8(ascii: "{"): depth += isInString ? 0 : 1
      case UInt8(ascii: "}"):
        depth -= isInString ? 0 : 1
        if depth == 0, !isInString { return index + 1 }
      default: break
      }
      index += 1
    }
    return bytes.count
  }
}
