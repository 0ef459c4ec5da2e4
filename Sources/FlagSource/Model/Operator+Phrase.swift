extension Operator {
  /// The verb of a test in words: `is`, `starts with`, `≥`.
  package var phrase: String {
    switch self {
    case .in: "is"
    case .notIn: "is there and is not"
    case .exists: "is there"
    case .missing: "is missing"
    case .contains: "contains"
    case .startsWith: "starts with"
    case .endsWith: "ends with"
    case .matches: "matches"
    case .lessThan: "<"
    case .atMost: "≤"
    case .greaterThan: ">"
    case .atLeast: "≥"
    case .includes: "includes"
    case .includesAll: "includes all of"
    case .includesNone: "is there and includes none of"
    case .within: "is within"
    }
  }
}
