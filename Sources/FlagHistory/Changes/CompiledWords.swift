internal import Ensign
internal import FlagSource

/// The values of a snapshot in the words of people: conditions, serves, times.
struct CompiledWords {
  /// The types of the declared attributes: in a snapshot an instant is a number.
  let types: [String: FlagSource.AttributeType]
  /// The seed that goes without saying: the flag's key.
  var seed: String?

  // MARK: When a flag is on

  func enabled(_ value: JSONValue?) -> String {
    guard let value, value.boolean == nil else { return value?.boolean == true ? "enabled" : "disabled" }
    return "enabled" + (value["from"].map { " from \(instant($0))" } ?? "")
      + (value["until"].map { " until \(instant($0))" } ?? "")
  }

  private func instant(_ value: JSONValue) -> String {
    value.integer.map { Timestamp(milliseconds: $0).description } ?? value.description
  }

  // MARK: What a context gets

  /// `on`, `on 25 %, off 75 %, by company.id, seed checkout-2026`, or a ramp.
  func serve(_ value: JSONValue?) -> String {
    guard let value else { return "nothing" }
    if let variant = value["variant"]?.string { return variant }
    if let ranges = value["ranges"]?.array { return allocation(ranges) + hashing(value) }
    guard let ramp = value["ramp"] else { return value.description }
    let steps = (ramp["steps"]?.array ?? []).map { step in
      "\(percent(step[1])) at \(instant(step[0] ?? .null))"
    }
    return "\(word(ramp["from"])) → \(word(ramp["variant"])), \(steps.joined(separator: ", "))"
      + " (\(word(ramp["shape"])))" + hashing(value)
  }

  /// `share 20 %`, or everyone.
  func share(_ value: JSONValue?) -> String {
    value.map { percent($0["buckets"]) + hashing($0) } ?? "100 %"
  }

  /// The share of a serve's variants: each with its parts, in the order of the first.
  private func allocation(_ ranges: [JSONValue]) -> String {
    let weights = Self.weights(ranges)
    if weights.count == ranges.count {
      return weights.map { "\($0.variant) \(percent($0.buckets))" }.joined(separator: ", ")
    }
    return ranges.map { "\(word($0[0])) \(number($0[1]))–\(number($0[2])) %" }.joined(separator: ", ")
  }

  private static func weights(_ ranges: [JSONValue]) -> [(variant: String, buckets: Int)] {
    var weights: [(variant: String, buckets: Int)] = []
    for range in ranges {
      let variant = range[0]?.string ?? ""
      let buckets = Int((range[2]?.integer ?? 0) - (range[1]?.integer ?? 0))
      if let index = weights.firstIndex(where: { $0.variant == variant }) {
        weights[index].buckets += buckets
      } else {
        weights.append((variant, buckets))
      }
    }
    return weights
  }

  /// A change of a serve: only the percentages that changed where nothing else did, `on 10 % → 25 %`.
  func serveChange(_ before: JSONValue?, _ after: JSONValue?) -> String {
    if let before, let after, let old = before["ranges"]?.array, let new = after["ranges"]?.array,
      before["by"] == after["by"], before["seed"] == after["seed"]
    {
      let (left, right) = (Self.weights(old), Self.weights(new))
      if left.count == old.count, right.count == new.count, left.map(\.variant) == right.map(\.variant) {
        let changed = zip(left, right).filter { $0.buckets != $1.buckets }
        // The last one is the rest.
        let named = changed.count > 1 ? changed.dropLast() : changed[...]
        if !named.isEmpty {
          return named.map { "\($0.variant) \(percent($0.buckets)) → \(percent($1.buckets))" }.joined(separator: ", ")
        }
      }
    }
    return "\(serve(before)) → \(serve(after))"
  }

  private func hashing(_ value: JSONValue) -> String {
    let by = value["by"]?.string ?? AttributeDeclaration.targetingKey
    let seed = value["seed"]?.string ?? ""
    return (by == AttributeDeclaration.targetingKey ? "" : ", by \(by)")
      + (seed == self.seed ? "" : ", seed \(word(.string(seed)))")
  }

  private func percent(_ buckets: JSONValue?) -> String { percent(Int(buckets?.integer ?? 0)) }

  private func percent(_ buckets: Int) -> String { "\(Percentage(buckets: min(max(buckets, 0), Bucketing.count))) %" }

  private func number(_ buckets: JSONValue?) -> String {
    Percentage(buckets: Int(min(max(buckets?.integer ?? 0, 0), Int64(Bucketing.count)))).description
  }

  // MARK: Whom a rule concerns

  /// `country is DE or FR and plan is premium`.
  func condition(_ value: JSONValue?) -> String {
    value.map { condition($0, isInside: false) } ?? "everyone"
  }

  private func condition(_ value: JSONValue, isInside: Bool) -> String {
    func joined(_ parts: [JSONValue], by word: String) -> String {
      let text = parts.map { condition($0, isInside: true) }.joined(separator: " \(word) ")
      return isInside ? "(\(text))" : text
    }
    if let parts = value["all"]?.array { return joined(parts, by: "and") }
    if let parts = value["any"]?.array { return joined(parts, by: "or") }
    if let negated = value["not"] { return "not " + condition(negated, isInside: true) }
    if let segments = value["segment"]?.array { return "in segment " + segments.map(word).joinedByOr }
    return test(value)
  }

  private func test(_ value: JSONValue) -> String {
    let attribute = value["attribute"]?.string ?? ""
    let operands = (value["values"]?.array ?? []).map { operand($0, of: attribute) }
    let operation = value["op"]?.string.flatMap(Operator.init(rawValue:))
    let text = "\(attribute) \((operation ?? .in).phrase) \(operands.joinedByOr)"
    let trimmed = operands.isEmpty ? String(text.dropLast()) : text
    return trimmed + (value["ignoreCase"]?.boolean == true ? " (ignoring case)" : "")
  }

  private func operand(_ value: JSONValue, of attribute: String) -> String {
    let type = attribute == AttributeDeclaration.now ? .timestamp : types[attribute]
    return type == .timestamp ? instant(value) : word(value)
  }

  // MARK: Lists

  /// The first few of many.
  func some(_ values: [JSONValue]) -> String {
    let shown = values.prefix(Self.shownKeys).map(word).joined(separator: ", ")
    return values.count > Self.shownKeys ? "\(shown) and \(values.count - Self.shownKeys) more" : shown
  }

  private static let shownKeys = 5

  /// A text without quotation marks, unless it could be misread; any other value as JSON.
  func word(_ value: JSONValue?) -> String {
    guard let value else { return "" }
    guard let text = value.string else { return value.description }
    let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x2C && $0 != 0x7F }
    return isPlain ? text : value.description
  }
}
