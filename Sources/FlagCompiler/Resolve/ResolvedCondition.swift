internal import Ensign
internal import FlagSource

/// A condition in the one spelling of its meaning, with its canonical bytes.
///
/// Flattening, sorting and removing repetitions happen as it is built, from the leaves up, so that two conditions that
/// differ in the order of their entries only have the same bytes. The bytes are made once and copied into the parent's:
/// O(depth × size), with the depth limited by the reader of YAML.
struct ResolvedCondition {
  /// The canonical JSON.
  let bytes: [UInt8]
  private let form: Form

  private enum Form {
    case all([ResolvedCondition])
    case any([ResolvedCondition])
    /// An array of exactly one, for the sake of the recursion.
    case not([ResolvedCondition])
    case leaf
  }

  private init(_ form: Form, _ bytes: [UInt8]) {
    self.form = form
    self.bytes = bytes
  }

  /// True when every one of `conditions` holds; there is at least one.
  static func all(_ conditions: [ResolvedCondition]) -> ResolvedCondition {
    if conditions.count == 1, let only = conditions.first { return only }
    var children: [ResolvedCondition] = []
    for condition in conditions {
      if case .all(let inner) = condition.form { children += inner } else { children.append(condition) }
    }
    children = unique(children)
    return join(children, by: "all", as: .all(children))
  }

  /// True when one of `conditions` holds; there is at least one.
  static func any(_ conditions: [ResolvedCondition]) -> ResolvedCondition {
    if conditions.count == 1, let only = conditions.first { return only }
    var children: [ResolvedCondition] = []
    for condition in conditions {
      if case .any(let inner) = condition.form { children += inner } else { children.append(condition) }
    }
    children = unique(children)
    return join(children, by: "any", as: .any(children))
  }

  /// The negation; that of a negation is what was negated.
  static func not(_ condition: ResolvedCondition) -> ResolvedCondition {
    if case .not(let inner) = condition.form, let only = inner.first { return only }
    var json = CanonicalJSON(capacity: condition.bytes.count + 8)
    json.beginObject()
    json.key("not")
    json.append(canonical: condition.bytes)
    json.endObject()
    return ResolvedCondition(.not([condition]), json.bytes)
  }

  /// True when the context is in one of the segments.
  static func segment(_ keys: [String]) -> ResolvedCondition {
    var json = CanonicalJSON(capacity: 32 * (keys.count + 1))
    json.beginObject()
    json.key("segment")
    json.append(UTF8Order.unique(keys))
    json.endObject()
    return ResolvedCondition(.leaf, json.bytes)
  }

  /// One test of one attribute with its values as canonical JSON, none for an operator without operands.
  static func test(
    _ attribute: String, _ operation: Operator, _ values: [[UInt8]], ignoreCase: Bool = false
  ) -> ResolvedCondition {
    var json = CanonicalJSON(capacity: values.reduce(96) { $0 + $1.count + 1 })
    json.beginObject()
    json.key("attribute")
    json.append(attribute)
    if ignoreCase {
      json.key("ignoreCase")
      json.append(true)
    }
    json.key("op")
    json.append(operation.rawValue)
    if !values.isEmpty {
      json.key("values")
      json.beginArray()
      for value in unique(values) { json.append(canonical: value) }
      json.endArray()
    }
    json.endObject()
    return ResolvedCondition(.leaf, json.bytes)
  }

  /// The children under one word, or the child itself when it is the only one.
  private static func join(_ children: [ResolvedCondition], by word: String, as form: Form) -> ResolvedCondition {
    if children.count == 1, let only = children.first { return only }
    var json = CanonicalJSON(capacity: children.reduce(16) { $0 + $1.bytes.count + 1 })
    json.beginObject()
    json.key(word)
    json.beginArray()
    for child in children { json.append(canonical: child.bytes) }
    json.endArray()
    json.endObject()
    return ResolvedCondition(form, json.bytes)
  }

  /// The conditions sorted by their bytes, each once.
  private static func unique(_ conditions: [ResolvedCondition]) -> [ResolvedCondition] {
    var result: [ResolvedCondition] = []
    for condition in conditions.sorted(by: { precedes($0.bytes, $1.bytes) }) where result.last?.bytes != condition.bytes
    {
      result.append(condition)
    }
    return result
  }

  /// The values sorted by their bytes, each once.
  private static func unique(_ values: [[UInt8]]) -> [[UInt8]] {
    guard values.count > 1 else { return values }
    var result: [[UInt8]] = []
    for value in values.sorted(by: precedes) where result.last != value { result.append(value) }
    return result
  }

  private static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.withUnsafeBytes { left in right.withUnsafeBytes { right in UTF8Order.precedes(left, right) } }
  }
}
