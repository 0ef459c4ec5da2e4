/// The operators of conditions in snapshots.
///
/// The raw values are the format's words.
package enum ConditionOperator: String, Hashable, Sendable, CaseIterable {
  case contains
  case endsWith
  case exists
  case greaterThan
  case includes
  case includesAll
  case includesNone
  case isIn = "in"
  case atLeast
  case atMost
  case lessThan
  case matches
  case missing
  case notIn
  case startsWith
  case within

  /// All operators in the order of `SnapshotNames.operators`: an array that is made once.
  static let ordered = allCases

  /// Whether values go with it; `exists` and `missing` have none.
  package var takesValues: Bool { self != .exists && self != .missing }

  /// Whether it takes any number of values, as a set, rather than one.
  package var takesMany: Bool {
    switch self {
    case .isIn, .notIn, .includes, .includesAll, .includesNone, .within: true
    default: false
    }
  }

  /// Whether an attribute of a type can be tested with it.
  package func applies(to type: AttributeType) -> Bool { test(for: type) != nil }

  /// The prepared test for an attribute of a type; nil when the operator does not go with the type.
  func test(for type: AttributeType) -> ConditionRecord.Test? {
    switch (self, type) {
    case (.exists, _): .exists
    case (.missing, _): .missing
    case (.isIn, .string): .textIn
    case (.notIn, .string): .textNotIn
    case (.isIn, .integer), (.isIn, .timestamp): .integerIn
    case (.notIn, .integer), (.notIn, .timestamp): .integerNotIn
    case (.isIn, .number): .numberIn
    case (.notIn, .number): .numberNotIn
    case (.isIn, .boolean): .booleanIn
    case (.notIn, .boolean): .booleanNotIn
    case (.isIn, .version): .versionIn
    case (.notIn, .version): .versionNotIn
    case (.isIn, .ip), (.within, .ip): .addressIn
    case (.notIn, .ip): .addressNotIn
    case (.contains, .string): .contains
    case (.startsWith, .string): .startsWith
    case (.endsWith, .string): .endsWith
    case (.matches, .string): .matches
    case (.includes, .list): .includes
    case (.includesAll, .list): .includesAll
    case (.includesNone, .list): .includesNone
    default: orderedTest(for: type)
    }
  }

  private func orderedTest(for type: AttributeType) -> ConditionRecord.Test? {
    switch (self, type) {
    case (.lessThan, .integer), (.lessThan, .timestamp): .integerLess
    case (.atMost, .integer), (.atMost, .timestamp): .integerAtMost
    case (.greaterThan, .integer), (.greaterThan, .timestamp): .integerGreater
    case (.atLeast, .integer), (.atLeast, .timestamp): .integerAtLeast
    case (.lessThan, .number): .numberLess
    case (.atMost, .number): .numberAtMost
    case (.greaterThan, .number): .numberGreater
    case (.atLeast, .number): .numberAtLeast
    case (.lessThan, .version): .versionLess
    case (.atMost, .version): .versionAtMost
    case (.greaterThan, .version): .versionGreater
    case (.atLeast, .version): .versionAtLeast
    default: nil
    }
  }
}
