/// The keys of a condition that are no attributes.
package enum ConditionKey: String, MappingKey {
  case all, any, not, segment

  package static let mapping: StaticString = "a condition"
  package static let table = KeyTable<ConditionKey>()

  package var keyShape: KeyShape {
    switch self {
    case .all:
      KeyShape(
        "a list of conditions", example: "[{country: DE}, {plan: premium}]",
        value: .list(of: .reference("condition"), minimum: 1), summary: "Every one of them holds.")
    case .any:
      KeyShape(
        "a list of conditions", example: "[{country: DE}, {plan: premium}]",
        value: .list(of: .reference("condition"), minimum: 1), summary: "One of them holds.")
    case .not:
      KeyShape(
        "a mapping of conditions", example: "{country: DE}", value: .reference("condition"),
        summary: "The condition does not hold.")
    case .segment:
      KeyShape(
        "a segment's key or a list of them", example: "staff", value: .either([.name, .list(of: .name, minimum: 1)]),
        summary: "The context is in the segment, or in one of the list.")
    }
  }
}

/// The keys of a test that is a mapping: the operators, and `ignoreCase` beside them.
package enum AttributeTestKey: String, MappingKey {
  case `is`, isNot, `in`, notIn, exists
  case contains, startsWith, endsWith, matches
  case lessThan, atMost, greaterThan, atLeast, before, after
  case includes, includesAll, includesNone
  case within
  case ignoreCase

  package static let mapping: StaticString = "a test"
  package static let table = KeyTable<AttributeTestKey>()

  package var keyShape: KeyShape {
    let oneOrMore = ValueShape.either([.scalar, .list(of: .scalar, minimum: 1)])
    return switch self {
    case .is: KeyShape("a value", example: "DE", value: .scalar, summary: "Equals the value.")
    case .isNot: KeyShape("a value", example: "DE", value: .scalar, summary: "Is there and does not equal the value.")
    case .in:
      KeyShape(
        "a list of values", example: "[DE, FR]", value: .list(of: .scalar, minimum: 1),
        summary: "Equals one of the list.")
    case .notIn:
      KeyShape(
        "a list of values", example: "[DE, FR]", value: .list(of: .scalar, minimum: 1),
        summary: "Is there and equals none of the list.")
    case .exists:
      KeyShape(
        "true or false", example: "true", value: .boolean,
        summary: "Whether the context has it, with its declared type.")
    case .contains:
      KeyShape("a text or a list of texts", example: "beta", value: oneOrMore, summary: "Contains one of the texts.")
    case .startsWith:
      KeyShape(
        "a text or a list of texts", example: "beta-", value: oneOrMore, summary: "Starts with one of the texts.")
    case .endsWith:
      KeyShape(
        "a text or a list of texts", example: "\"@acme.example\"", value: oneOrMore,
        summary: "Ends with one of the texts.")
    case .matches:
      KeyShape(
        "a regular expression", example: "\"^u-[0-9]+$\"", value: .text,
        summary: "Matches the regular expression somewhere (RE2 syntax).")
    case .lessThan: KeyShape("a value", example: "18", value: .scalar, summary: "Is less.")
    case .atMost: KeyShape("a value", example: "17", value: .scalar, summary: "Is less or equal.")
    case .greaterThan: KeyShape("a value", example: "17", value: .scalar, summary: "Is greater.")
    case .atLeast: KeyShape("a value", example: "18", value: .scalar, summary: "Is greater or equal.")
    case .before:
      KeyShape(
        "a moment", example: "2026-12-01T09:00:00Z", value: .timestamp, summary: "Is earlier; the same as lessThan.")
    case .after:
      KeyShape(
        "a moment", example: "2026-12-01T09:00:00Z", value: .timestamp, summary: "Is later; the same as greaterThan.")
    case .includes:
      KeyShape(
        "a text or a list of texts", example: "beta", value: oneOrMore, summary: "The list has one of the texts.")
    case .includesAll:
      KeyShape(
        "a text or a list of texts", example: "[beta, staff]", value: oneOrMore,
        summary: "The list has all of the texts.")
    case .includesNone:
      KeyShape(
        "a text or a list of texts", example: "beta", value: oneOrMore,
        summary: "The list is there and has none of the texts.")
    case .within:
      KeyShape(
        "a network or a list of networks", example: "10.0.0.0/8", value: oneOrMore,
        summary: "The address lies in one of the networks.")
    case .ignoreCase:
      KeyShape(
        "true or false", example: "true", value: .boolean,
        summary: "Whether the tests beside it ignore case (Unicode simple case folding).")
    }
  }
}
