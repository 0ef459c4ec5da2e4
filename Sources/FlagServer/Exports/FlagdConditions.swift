internal import Ensign

/// Conditions and segments in flagd's language.
///
/// What is written holds for the same contexts, provided that their attributes are missing or of the declared types:
/// flagd has no tests of types.
struct FlagdConditions {
  private let types: [String: String]
  private let segments: [String: JSONValue]
  /// Who belongs to a segment, as far as it was needed: segments stand in each other's place.
  private var memberships: [String: JSONValue] = [:]

  /// Reads the attributes and segments of a snapshot.
  init(_ snapshot: JSONValue) {
    types = Dictionary(
      (snapshot["attributes"]?.object ?? []).map { ($0.key, $0.value.string ?? "") }, uniquingKeysWith: { $1 })
    segments = Dictionary(
      (snapshot["segments"]?.object ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }

  /// The declared type of an attribute, the built-in ones included.
  func type(of attribute: String) -> String {
    switch attribute {
    case Context.targetingKeyName: "string"
    case "now": "timestamp"
    default: types[attribute] ?? ""
    }
  }

  /// A condition of a snapshot as an expression.
  mutating func expression(_ condition: JSONValue) throws(FlagdError) -> JSONValue {
    if let children = condition["all"]?.array { return JSONLogic.all(try expressions(children)) }
    if let children = condition["any"]?.array { return JSONLogic.any(try expressions(children)) }
    if let child = condition["not"] { return JSONLogic.not(try expression(child)) }
    if let keys = condition["segment"]?.array {
      var members: [JSONValue] = []
      for key in keys { members.append(try membership(of: key.string ?? "")) }
      return JSONLogic.any(members)
    }
    return try test(condition)
  }

  private mutating func expressions(_ conditions: [JSONValue]) throws(FlagdError) -> [JSONValue] {
    var expressions: [JSONValue] = []
    for condition in conditions { expressions.append(try expression(condition)) }
    return expressions
  }

  private mutating func membership(of key: String) throws(FlagdError) -> JSONValue {
    if let known = memberships[key] { return known }
    guard let segment = segments[key] else { return false }
    let who = JSONLogic.variable(Context.targetingKeyName)
    var included: [JSONValue] = []
    if let keys = segment["include"]?.array { included.append(JSONLogic.isOne(who, of: keys)) }
    if let condition = segment["when"] { included.append(try expression(condition)) }
    let excluded = segment["exclude"]?.array.map { JSONLogic.not(JSONLogic.isOne(who, of: $0)) }
    let membership = JSONLogic.all([excluded ?? .boolean(true), JSONLogic.any(included)])
    memberships[key] = membership
    return membership
  }

  // MARK: Tests of attributes

  private func test(_ condition: JSONValue) throws(FlagdError) -> JSONValue {
    let name = condition["attribute"]?.string ?? ""
    let operation = condition["op"]?.string ?? ""
    let values = condition["values"]?.array ?? []
    if name == "now" { return try testOfNow(operation, values) }
    let variable = JSONLogic.variable(name)
    let isPresent = JSONLogic.isPresent(variable)
    switch operation {
    case "exists": return isPresent
    case "missing": return JSONLogic.not(isPresent)
    default: break
    }
    guard condition["ignoreCase"] == nil else { throw FlagdError("flagd cannot compare '\(name)' whatever its case") }
    switch type(of: name) {
    case "version": return JSONLogic.all([isPresent, try versionTest(name, operation, values)])
    case "timestamp": throw FlagdError("flagd knows no instants but the present, and '\(name)' is one")
    case "ip": throw FlagdError("flagd knows no addresses, and '\(name)' is one")
    default: break
    }
    return try plainTest(name, operation, values)
  }

  private func plainTest(
    _ name: String, _ operation: String, _ values: [JSONValue]
  ) throws(FlagdError) -> JSONValue {
    let variable = JSONLogic.variable(name)
    let isPresent = JSONLogic.isPresent(variable)
    switch operation {
    case "in": return JSONLogic.isOne(variable, of: values)
    case "notIn": return JSONLogic.all([isPresent, JSONLogic.not(JSONLogic.isOne(variable, of: values))])
    case "contains": return JSONLogic.any(values.map { JSONLogic.operation("in", $0, variable) })
    case "startsWith": return JSONLogic.any(values.map { JSONLogic.operation("starts_with", variable, $0) })
    case "endsWith": return JSONLogic.any(values.map { JSONLogic.operation("ends_with", variable, $0) })
    case "includes": return JSONLogic.any(values.map { JSONLogic.operation("in", $0, variable) })
    case "includesAll": return JSONLogic.all(values.map { JSONLogic.operation("in", $0, variable) })
    case "includesNone":
      let one = JSONLogic.any(values.map { JSONLogic.operation("in", $0, variable) })
      return JSONLogic.all([isPresent, JSONLogic.not(one)])
    default:
      guard let sign = Self.signs[operation] else {
        throw FlagdError("flagd has no '\(operation)', which '\(name)' is tested with")
      }
      return JSONLogic.all([isPresent, JSONLogic.operation(sign, variable, values.first ?? .null)])
    }
  }

  private static let signs = ["lessThan": "<", "atMost": "<=", "greaterThan": ">", "atLeast": ">="]

  private func versionTest(
    _ name: String, _ operation: String, _ values: [JSONValue]
  ) throws(FlagdError) -> JSONValue {
    let variable = JSONLogic.variable(name)
    func compare(_ sign: JSONValue, _ value: JSONValue) -> JSONValue {
      JSONLogic.operation("sem_ver", variable, sign, value)
    }
    switch operation {
    case "in": return JSONLogic.any(values.map { compare("=", $0) })
    case "notIn": return JSONLogic.all(values.map { compare("!=", $0) })
    default:
      guard let sign = Self.signs[operation], let value = values.first else {
        throw FlagdError("flagd has no '\(operation)', which '\(name)' is tested with")
      }
      return compare(.string(sign), value)
    }
  }

  // MARK: The present

  private func testOfNow(_ operation: String, _ values: [JSONValue]) throws(FlagdError) -> JSONValue {
    switch (operation, values.first?.integer) {
    case ("exists", _): return true
    case ("missing", _): return false
    case ("atLeast", let instant?): return try isNow(atLeast: instant)
    case ("lessThan", let instant?): return JSONLogic.not(try isNow(atLeast: instant))
    // Instants are whole milliseconds.
    case ("greaterThan", let instant?): return try isNow(atLeast: instant + 1)
    case ("atMost", let instant?): return JSONLogic.not(try isNow(atLeast: instant + 1))
    default: throw FlagdError("flagd's clock counts seconds, and an instant of the present is asked for")
    }
  }

  /// Whether an instant has come, in milliseconds since 1970.
  func isNow(atLeast instant: Int64) throws(FlagdError) -> JSONValue {
    guard instant % 1000 == 0 else {
      throw FlagdError("flagd's clock counts seconds, and \(Timestamp(milliseconds: instant)) is between two")
    }
    return JSONLogic.operation(">=", JSONLogic.variable("$flagd.timestamp"), .integer(instant / 1000))
  }
}
