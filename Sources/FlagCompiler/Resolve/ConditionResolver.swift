internal import Ensign
internal import FlagSource

/// Turns conditions as written into their one spelling, and remembers what they use.
struct ConditionResolver {
  /// The attributes that were asked about, built-in ones among them.
  private(set) var attributes: Set<String> = []
  /// The segments that were asked about and are not taken out yet by ``takeSegments()``.
  private var segments: Set<String> = []

  /// The segments named since the last call, in no order.
  mutating func takeSegments() -> Set<String> {
    defer { segments = [] }
    return segments
  }

  /// Notes that a hash uses an attribute.
  mutating func use(_ attribute: String) { attributes.insert(attribute) }

  /// The condition's one spelling.
  mutating func resolve(_ condition: Condition) -> ResolvedCondition {
    switch condition {
    case .all(let conditions): return .all(conditions.map { resolve($0.value) })
    case .any(let conditions): return .any(conditions.map { resolve($0.value) })
    case .not(let condition): return .not(resolve(condition.value))
    case .segment(let keys):
      let keys = keys.map(\.value)
      segments.formUnion(keys)
      return .segment(keys)
    case .attribute(let test):
      attributes.insert(test.attribute.value)
      let ignoreCase = test.ignoreCase?.value == true
      return .all(test.tests.map { Self.resolve($0, of: test.attribute.value, ignoreCase: ignoreCase) })
    }
  }

  /// A test's one spelling: where a snapshot's operator has one value, several in the file mean any of them.
  private static func resolve(
    _ test: AttributeTest.Test, of attribute: String, ignoreCase: Bool
  ) -> ResolvedCondition {
    let operation = test.operation.value
    let values = test.operands.map { canonical($0.value, ignoreCase: ignoreCase) }
    let ignoreCase = ignoreCase && !values.isEmpty
    switch operation {
    case .in, .notIn, .exists, .missing, .includes, .includesAll, .includesNone, .within:
      return .test(attribute, operation, values, ignoreCase: ignoreCase)
    case .contains, .startsWith, .endsWith, .matches, .lessThan, .atMost, .greaterThan, .atLeast:
      return .any(values.map { .test(attribute, operation, [$0], ignoreCase: ignoreCase) })
    }
  }

  /// The canonical JSON of a constant; strings are folded where case does not count, regular expressions never.
  private static func canonical(_ operand: Operand, ignoreCase: Bool) -> [UInt8] {
    var json = CanonicalJSON(capacity: 32)
    switch operand {
    case .string(let text): json.append(ignoreCase ? CaseFolding.fold(text) : text)
    case .integer(let number): json.append(number)
    case .number(let number): json.append(number)
    case .boolean(let value): json.append(value)
    case .version(let version): json.append(version.description)
    case .timestamp(let instant): json.append(instant.milliseconds)
    case .address(let address): json.append(address.description)
    case .network(let network): json.append(network.description)
    case .pattern(let pattern): json.append(pattern)
    }
    return json.bytes
  }
}
