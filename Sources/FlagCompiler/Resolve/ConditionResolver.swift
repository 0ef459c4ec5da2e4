internal import Ensign
internal import FlagSource

/// Turns conditions as written into the canonical JSON of their one spelling, and remembers what they use.
///
/// Flattening, sorting and removing repetitions happen as it is written, from the leaves up, so that two conditions that
/// differ in the order of their entries only have the same bytes. What is below an `all` or `any` is written beside and
/// copied in its order: O(depth × size), with the depth limited by the reader of YAML.
struct ConditionResolver {
  /// What was asked about; of segments those that are not taken out yet by ``takeSegments()``.
  private(set) var uses: ConditionUses

  /// A resolver that remembers what others have.
  init(_ uses: ConditionUses = ConditionUses()) { self.uses = uses }

  /// The segments named since the last call, in no order.
  mutating func takeSegments() -> Set<String> {
    defer { uses.segments = [] }
    return uses.segments
  }

  /// Notes that a hash uses an attribute.
  mutating func use(_ attribute: String) { uses.attributes.insert(attribute) }

  /// The canonical JSON of the condition's one spelling.
  mutating func resolve(_ condition: Condition) -> [UInt8] {
    var json = CanonicalJSON(capacity: Self.usualSize)
    spell(condition, into: &json)
    return json.bytes
  }

  /// About the bytes that a condition takes.
  private static let usualSize = 128

  private mutating func spell(_ condition: Condition, into json: inout CanonicalJSON) {
    switch condition {
    case .all(let children):
      join(.all, count: children.count, into: &json) { $0.spell(children[$1].value, into: &$2) }
    case .any(let children):
      join(.any, count: children.count, into: &json) { $0.spell(children[$1].value, into: &$2) }
    case .not(let child): negate(child.value, into: &json)
    case .segment(let keys): spell(segments: keys, into: &json)
    case .attribute(let test):
      uses.attributes.insert(test.attribute.value)
      join(.all, count: test.tests.count, into: &json) { $0.spell(test.tests[$1], of: test, into: &$2) }
    }
  }
}

// MARK: - Connectives

extension ConditionResolver {
  /// A word over a list of conditions, of which a list of one is the condition itself.
  private enum Connective {
    case all, any

    var word: StaticString {
      switch self {
      case .all: "all"
      case .any: "any"
      }
    }

    /// What a condition of this form begins with, and no other.
    var opening: StaticString {
      switch self {
      case .all: "{\"all\":["
      case .any: "{\"any\":["
      }
    }
  }

  /// Writes conditions under one word, those in one of the same word among them.
  ///
  /// - Parameters:
  ///   - count: how many there are, at least one.
  ///   - child: writes one of them.
  private mutating func join(
    _ connective: Connective, count: Int, into json: inout CanonicalJSON,
    _ child: (inout Self, _ index: Int, inout CanonicalJSON) -> Void
  ) {
    guard count > 1 else { return child(&self, 0, &json) }
    var set = CanonicalSet(count: count, bytesPerValue: Self.usualSize)
    for index in 0..<count {
      set.insert { child(&self, index, &$0) }
      set.flattenLast(opening: connective.opening)
    }
    guard set.sort() > 1 else { return set.append(to: &json) }
    json.beginObject()
    json.key(literal: connective.word)
    json.beginArray()
    set.append(to: &json)
    json.endArray()
    json.endObject()
  }

  /// Writes the negation; that of a negation is what was negated.
  private mutating func negate(_ condition: Condition, into json: inout CanonicalJSON) {
    let opening: StaticString = "{\"not\":"
    let bytes = resolve(condition)
    if bytes.hasPrefix(opening, in: bytes.indices) {
      json.append(canonical: bytes[opening.utf8CodeUnitCount..<bytes.count - 1])
    } else {
      json.beginObject()
      json.key(literal: "not")
      json.append(canonical: bytes)
      json.endObject()
    }
  }
}

// MARK: - Leaves

extension ConditionResolver {
  private mutating func spell(segments keys: [Located<String>], into json: inout CanonicalJSON) {
    json.beginObject()
    json.key(literal: "segment")
    json.array(nil, UTF8Order.unique(keys.map(\.value))) { $0.append($1) }
    json.endObject()
    for key in keys { uses.segments.insert(key.value) }
  }

  /// Writes a test: where a snapshot's operator has one value, several in the file mean any of them.
  private mutating func spell(_ test: AttributeTest.Test, of outer: AttributeTest, into json: inout CanonicalJSON) {
    switch test.operation.value {
    case .in, .notIn, .exists, .missing, .includes, .includesAll, .includesNone, .within:
      Self.spell(test, test.operands[...], of: outer, into: &json)
    case .contains, .startsWith, .endsWith, .matches, .lessThan, .atMost, .greaterThan, .atLeast:
      join(.any, count: test.operands.count, into: &json) {
        Self.spell(test, test.operands[$1...$1], of: outer, into: &$2)
      }
    }
  }

  /// Writes one test of one attribute with some of its values, none for an operator without operands.
  private static func spell(
    _ test: AttributeTest.Test, _ operands: ArraySlice<Located<Operand>>, of outer: AttributeTest,
    into json: inout CanonicalJSON
  ) {
    let ignoreCase = outer.ignoreCase?.value == true && !operands.isEmpty
    json.beginObject()
    json.member(literal: "attribute", outer.attribute.value)
    if ignoreCase {
      json.key(literal: "ignoreCase")
      json.append(true)
    }
    json.member(literal: "op", test.operation.value.rawValue)
    if !operands.isEmpty {
      json.key(literal: "values")
      json.beginArray()
      spell(operands, ignoreCase: ignoreCase, into: &json)
      json.endArray()
    }
    json.endObject()
  }

  private static func spell(
    _ operands: ArraySlice<Located<Operand>>, ignoreCase: Bool, into json: inout CanonicalJSON
  ) {
    if operands.count == 1, let only = operands.first { return spell(only.value, ignoreCase: ignoreCase, into: &json) }
    var set = CanonicalSet(count: operands.count, bytesPerValue: 16)
    for operand in operands {
      set.insert { spell(operand.value, ignoreCase: ignoreCase, into: &$0) }
    }
    _ = set.sort()
    set.append(to: &json)
  }

  /// Writes a constant; strings are folded where case does not count, regular expressions never.
  private static func spell(_ operand: Operand, ignoreCase: Bool, into json: inout CanonicalJSON) {
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
  }
}
