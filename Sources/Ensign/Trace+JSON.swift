extension Trace {
  /// The trace for programs.
  ///
  /// Absent steps are absent members.
  package var json: JSONValue {
    var members: [JSONValue.Member] = []
    members.add("flag", .string(evaluation.flag))
    members.add("value", evaluation.value)
    members.add("variant", evaluation.variant.map(JSONValue.string))
    members.add("reason", .string(evaluation.reason.rawValue))
    members.add("decidedBy", (evaluation.decidedBy?.name).map(JSONValue.string))
    members.add("rule", evaluation.rule.map(JSONValue.string))
    members.add("bucket", evaluation.bucket.map { .integer(Int64($0)) })
    members.add("enabled", window?.json)
    if !requirements.isEmpty { members.add("requires", .array(requirements.map(\.json))) }
    members.add("targets", target?.json)
    if !rules.isEmpty { members.add("rules", .array(rules.map(\.json))) }
    members.add("otherwise", otherwise?.json)
    return .object(members)
  }
}

extension [JSONValue.Member] {
  fileprivate mutating func add(_ key: String, _ value: JSONValue?) {
    if let value { append(JSONValue.Member(key: key, value: value)) }
  }

  fileprivate mutating func add(_ key: String, _ value: Timestamp?) {
    add(key, (value?.description).map(JSONValue.string))
  }
}

extension Trace.Window {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = []
    members.add("from", from)
    members.add("until", until)
    members.add("now", now)
    return .object(members)
  }
}

extension Trace.Requirement {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = []
    members.add("variants", .array(variants.map(JSONValue.string)))
    members.add("holds", .boolean(holds))
    members.add("trace", trace.json)
    return .object(members)
  }
}

extension Trace.Target {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = []
    members.add("targetingKey", targetingKey.map(JSONValue.string))
    members.add("variant", variant.map(JSONValue.string))
    return .object(members)
  }
}

extension Trace.Rule {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = []
    members.add("name", .string(name))
    members.add("outcome", .string(outcome.rawValue))
    members.add("when", when?.json)
    members.add("share", share?.json)
    members.add("serve", serve?.json)
    return .object(members)
  }
}

extension Trace.Hash {
  fileprivate func add(to members: inout [JSONValue.Member]) {
    members.add("by", .string(by))
    members.add("seed", .string(seed))
    members.add("seen", seen)
    members.add("bucket", bucket.map { .integer(Int64($0)) })
  }
}

extension Trace.Share {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = []
    members.add("holds", .boolean(holds))
    members.add("buckets", .integer(Int64(buckets)))
    hash.add(to: &members)
    return .object(members)
  }
}

extension Trace.Serve {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = []
    members.add("variant", variant.map(JSONValue.string))
    hash?.add(to: &members)
    members.add("range", range.map { .array([.integer(Int64($0.lowerBound)), .integer(Int64($0.upperBound))]) })
    members.add("now", now)
    return .object(members)
  }
}

extension Trace.Condition {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = []
    members.add("holds", .boolean(holds))
    switch self {
    case .all(let children): members.add("all", .array(children.map(\.json)))
    case .any(let children): members.add("any", .array(children.map(\.json)))
    case .not(let child): members.add("not", child.json)
    case .segments(let segments): members.add("segments", .array(segments.map(\.json)))
    case .test(let test): test.add(to: &members)
    }
    return .object(members)
  }
}

extension Trace.Segment {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = []
    members.add("holds", .boolean(holds))
    members.add("segment", .string(key))
    members.add("listing", .string(listing.rawValue))
    members.add("when", when?.json)
    return .object(members)
  }
}

extension Trace.Test {
  fileprivate func add(to members: inout [JSONValue.Member]) {
    members.add("attribute", .string(attribute))
    members.add("type", .string(type.name))
    if isPrivate { members.add("private", .boolean(true)) }
    members.add("op", .string(op.rawValue))
    if !values.isEmpty { members.add("values", .array(values)) }
    if ignoresCase { members.add("ignoreCase", .boolean(true)) }
    members.add("seen", seen)
    if seen != nil, !isTyped { members.add("wrongType", .boolean(true)) }
  }
}
