// Values as they are written in Swift: `["columns": 3, "title": "Sale", "tags": ["new"]]`.

extension JSONValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A number without fraction; beyond 2^53 − 1 the nearest double, as in JSON.
  public init(integerLiteral value: Int64) {
    self = Self.integers.contains(value) ? .integer(value) : .number(Double(value))
  }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// A list of values.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Named values.
  ///
  /// Names must not repeat.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member(key: $0.0, value: $0.1) })
  }
}
