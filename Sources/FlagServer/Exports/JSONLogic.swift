internal import Ensign

/// Expressions of JsonLogic, with flagd's additions: what its targeting is written in.
enum JSONLogic {
  /// The value of an attribute; nested objects are joined with dots.
  static func variable(_ name: String) -> JSONValue { operation("var", .string(name)) }

  /// An operation with one argument, or several.
  static func operation(_ name: String, _ arguments: JSONValue...) -> JSONValue {
    .object([.init(key: name, value: arguments.count == 1 ? arguments[0] : .array(arguments))])
  }

  /// Whether an attribute is there.
  static func isPresent(_ variable: JSONValue) -> JSONValue { operation("!==", variable, .null) }

  /// That an expression does not hold.
  static func not(_ expression: JSONValue) -> JSONValue {
    if let value = expression.boolean { return .boolean(!value) }
    return .object([.init(key: "!", value: .array([expression]))])
  }

  /// That all expressions hold; true of none.
  static func all(_ expressions: [JSONValue]) -> JSONValue { group("and", expressions, neutral: true) }

  /// That any expression holds; false of none.
  static func any(_ expressions: [JSONValue]) -> JSONValue { group("or", expressions, neutral: false) }

  private static func group(_ name: String, _ expressions: [JSONValue], neutral: Bool) -> JSONValue {
    if expressions.contains(.boolean(!neutral)) { return .boolean(!neutral) }
    let rest = expressions.filter { $0 != .boolean(neutral) }
    if rest.count < 2 { return rest.first ?? .boolean(neutral) }
    return .object([.init(key: name, value: .array(rest))])
  }

  /// Whether a value is one of several.
  static func isOne(_ value: JSONValue, of others: [JSONValue]) -> JSONValue {
    others.count == 1 ? operation("===", value, others[0]) : operation("in", value, .array(others))
  }

  /// The value behind the first condition that holds, or else the last one.
  static func firstOf(_ branches: [(condition: JSONValue, value: JSONValue)], otherwise: JSONValue) -> JSONValue {
    var arguments: [JSONValue] = []
    var last = otherwise
    for branch in branches where branch.condition != .boolean(false) {
      if branch.condition == .boolean(true) {
        last = branch.value
        break
      }
      arguments += [branch.condition, branch.value]
    }
    return arguments.isEmpty ? last : .object([.init(key: "if", value: .array(arguments + [last]))])
  }
}
