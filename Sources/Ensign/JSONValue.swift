/// A JSON value: what a flag of type `object` serves.
public enum JSONValue: Hashable, Sendable {
  /// The value `null`.
  case null
  /// `true` or `false`.
  case boolean(Bool)
  /// A number written without fraction and exponent, of magnitude 2^53 − 1 at most.
  case integer(Int64)
  /// Any other number; always finite when it was read from JSON.
  case number(Double)
  /// A text.
  case string(String)
  /// A list of values.
  case array([JSONValue])
  /// Named values, in the order in which they were written. Names do not repeat.
  case object([Member])

  /// A name in an object, and its value.
  public struct Member: Hashable, Sendable {
    /// The name.
    public let key: String
    /// The value.
    public let value: JSONValue

    /// A member of an object.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// The integers that every JSON implementation keeps exact (RFC 7493, section 2.2).
  package static let integers: ClosedRange<Int64> = -9_007_199_254_740_991...9_007_199_254_740_991

  /// Reads a JSON document strictly: a member that stands twice, invalid UTF-8, a byte order mark, bytes after the
  /// document, more than 64 levels or a number beyond a double's range are errors.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    self = try JSONReader.read(bytes).value()
  }

  /// Reads a JSON document from a text, as strictly.
  public init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }

  /// The value of an object's member; nil when this is no object or has no such member.
  ///
  /// - Complexity: O(*n*) in the number of members.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// An array's element; nil when this is no array or it is shorter.
  public subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The value, when it is true or false.
  public var boolean: Bool? {
    guard case .boolean(let value) = self else { return nil }
    return value
  }

  /// The value, when it is a string.
  public var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  /// The value, when it is an integer.
  public var integer: Int64? {
    guard case .integer(let value) = self else { return nil }
    return value
  }

  /// The value as a double, when it is a number of either kind.
  public var number: Double? {
    switch self {
    case .integer(let value): return Double(value)
    case .number(let value): return value
    default: return nil
    }
  }

  /// The elements, when it is an array.
  public var array: [JSONValue]? {
    guard case .array(let value) = self else { return nil }
    return value
  }

  /// The members, when it is an object.
  public var object: [Member]? {
    guard case .object(let value) = self else { return nil }
    return value
  }

  /// The RFC 8785 bytes of the value.
  ///
  /// Two values mean the same in JSON when these are equal.
  public var canonicalBytes: [UInt8] {
    var writer = CanonicalJSON()
    writer.append(self)
    return writer.bytes
  }
}

extension JSONValue: CustomStringConvertible {
  /// The canonical text.
  public var description: String { String(decoding: canonicalBytes, as: UTF8.self) }
}
