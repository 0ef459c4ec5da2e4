extension Trace {
  /// The trace for people, a line each, indented by two spaces a level.
  ///
  /// Values are JSON texts, of which long lists are cut short; what else they hold is the context's, so a terminal
  /// should not get the lines unseen.
  package var lines: [String] {
    var lines = [headline]
    var steps: [String] = []
    if let window { steps.append(window.line) }
    for requirement in requirements { steps += requirement.lines }
    if let target { steps.append(target.line) }
    for rule in rules { steps += rule.lines }
    if let otherwise { steps.append("otherwise: \(otherwise.words)") }
    lines += steps.map { "  " + $0 }
    return lines
  }

  private var headline: String {
    var words = "\(evaluation.flag): \(evaluation.variant ?? "no variant"), \(evaluation.reason.rawValue)"
    switch evaluation.decidedBy {
    case .rule(let name): words += " by rule \(name)"
    case let place?: words += " by \(place.name)"
    case nil: break
    }
    return words
  }
}

extension Trace.Window {
  fileprivate var line: String {
    let isInside = (from.map { $0 <= now } ?? true) && (until.map { now < $0 } ?? true)
    let bounds = [from.map { "from \($0)" }, until.map { "until \($0)" }].compactMap { $0 }.joined(separator: " ")
    return "\(mark(isInside)) enabled \(bounds): it is \(now)"
  }
}

extension Trace.Requirement {
  fileprivate var lines: [String] {
    let wanted = variants.joined(separator: " or ")
    let served = trace.evaluation.variant ?? "nothing"
    return ["\(mark(holds)) requires \(trace.evaluation.flag) to serve \(wanted): it serves \(served)"]
      + trace.lines.map { "  " + $0 }
  }
}

extension Trace.Target {
  fileprivate var line: String {
    guard let targetingKey else { return "\(mark(false)) targets: there is no targeting key" }
    let key = JSONValue.string(targetingKey)
    guard let variant else { return "\(mark(false)) targets: \(key) is not listed" }
    return "\(mark(true)) targets: \(key) gets \(variant)"
  }
}

extension Trace.Rule {
  fileprivate var lines: [String] {
    guard outcome != .notReached else { return ["· rule \(name): not reached"] }
    var lines = ["\(mark(outcome == .decided)) rule \(name): \(outcomeWords)"]
    lines += when?.lines.map { "  " + $0 } ?? []
    if let share { lines.append("  \(share.line)") }
    if let serve { lines.append("  serve: \(serve.words)") }
    return lines
  }

  private var outcomeWords: String {
    switch outcome {
    case .decided: "decides"
    case .conditionFails: "its condition does not hold"
    case .outsideShare: "outside its share"
    case .nothingToHash: "there is no value to hash"
    case .notReached: "not reached"
    }
  }
}

extension Trace.Hash {
  fileprivate var words: String {
    let value = seen.map { " " + shortened($0) } ?? ""
    let found = bucket.map { "bucket \($0)" } ?? (seen == nil ? "missing" : "not hashed, being no text or integer")
    return "by \(by)\(value), seed \(JSONValue.string(seed)): \(found)"
  }
}

extension Trace.Share {
  fileprivate var line: String { "\(mark(holds)) share of \(Percentage(buckets: buckets)) % \(hash.words)" }
}

extension Trace.Serve {
  fileprivate var words: String {
    let moment = now.map { " at \($0)" } ?? ""
    let place = range.map { ", of \($0.lowerBound) to \($0.upperBound - 1)" } ?? ""
    return (variant ?? "nothing") + moment + (hash.map { " " + $0.words + place } ?? "")
  }
}

extension Trace.Condition {
  fileprivate var lines: [String] {
    switch self {
    case .all(let children): group("all of", children.map(\.lines))
    case .any(let children): group("any of", children.map(\.lines))
    case .not(let child): group("not", [child.lines])
    case .segments(let segments): segments.flatMap(\.lines)
    case .test(let test): [test.line]
    }
  }

  private func group(_ words: String, _ children: [[String]]) -> [String] {
    ["\(mark(holds)) \(words)"] + children.joined().map { "  " + $0 }
  }
}

extension Trace.Segment {
  fileprivate var lines: [String] {
    let words =
      switch listing {
      case .included: ": the targeting key is included"
      case .excluded: ": the targeting key is excluded"
      case .unlisted: when == nil ? ": the targeting key is not listed" : ""
      }
    return ["\(mark(holds)) segment \(key)\(words)"] + (when?.lines.map { "  " + $0 } ?? [])
  }
}

extension Trace.Test {
  fileprivate var line: String {
    let operands = values.isEmpty ? "" : " " + shortened(values)
    let found =
      if let seen {
        isTyped ? "is \(shortened(seen))" : "is \(shortened(seen)), not of type \(type.name)"
      } else {
        "missing"
      }
    return "\(mark(holds)) \(attribute) \(op.rawValue)\(operands)\(ignoresCase ? ", ignoring case" : ""): \(found)"
  }
}

private func mark(_ holds: Bool) -> String { holds ? "✓" : "✗" }

/// Values without the rest of a long list.
private func shortened(_ values: [JSONValue]) -> String {
  let shown = values.prefix(5).map(\.description).joined(separator: ", ")
  return values.count > 5 ? "\(shown) and \(values.count - 5) more" : shown
}

private func shortened(_ value: JSONValue) -> String {
  guard case .array(let elements) = value else { return value.description }
  return "[\(shortened(elements))]"
}
