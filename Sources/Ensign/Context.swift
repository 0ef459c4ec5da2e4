/// What a service says about who is asking: the attributes that rules look at.
///
/// ```swift
/// var context: Context = ["targetingKey": "user-1", "country": "DE", "age": 30, "groups": ["beta", "staff"]]
/// context["cartTotal"] = .number(129.9)
/// ```
///
/// Any attribute may be said; one that no rule mentions costs next to nothing. Attributes of nested objects are named
/// with dots: `company.id`. When a name is said twice, the later value counts.
public struct Context: Sendable, ExpressibleByDictionaryLiteral {
  /// A value of an attribute.
  ///
  /// Nothing is converted when it is compared: `"1"` is not `1`. Attributes declared as `version` or `ip` are said as
  /// strings, those declared as `timestamp` as ``timestamp(_:)`` or as a string of RFC 3339.
  public enum Value: Hashable, Sendable {
    /// A text.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// A number; equal to an integer of the same value.
    case number(Double)
    /// True or false.
    case boolean(Bool)
    /// A list of texts.
    case list([String])
    /// An instant.
    case timestamp(Timestamp)
  }

  /// The name of the built-in attribute that says who is asking; OpenFeature's name.
  public static let targetingKeyName = "targetingKey"

  @usableFromInline var storage: Storage

  /// What was said, in order; of two values of one name the later one counts.
  ///
  /// One reference either way, so that passing a context around costs little.
  @usableFromInline enum Storage: Sendable {
    case plain([(String, Value)])
    /// With its form for one snapshot, made by ``Snapshot/prepare(_:)``; any change drops that.
    case prepared(PreparedContext)
  }

  /// The moment of evaluation: the built-in attribute `now`.
  ///
  /// When it is nil, as usual, the clock is asked, and only if a flag depends on the time.
  public var now: Timestamp? = nil {
    didSet { storage = .plain(attributes) }
  }

  /// A context that says nothing.
  public init() {
    storage = .plain([])
  }

  /// A context from names and values.
  ///
  /// Inlined where the literal stands, so that the compiler sees that the array goes nowhere else, and need not
  /// allocate it.
  @inlinable
  public init(dictionaryLiteral elements: (String, Value)...) {
    storage = .plain(elements)
  }

  /// A context from names and values; of two with one name the later one counts.
  package init(attributes: [(String, Value)]) {
    storage = .plain(attributes)
  }

  /// A context of who is asking, and more attributes.
  public init(targetingKey: String, _ attributes: [String: Value] = [:]) {
    storage = .plain(
      [(Self.targetingKeyName, .string(targetingKey))] + attributes.lazy.map { ($0.key, $0.value) })
  }

  /// The value of an attribute.
  ///
  /// Setting nil takes the attribute out.
  ///
  /// - Complexity: O(*n*) in the number of attributes.
  public subscript(name: String) -> Value? {
    get { attributes.last { $0.0.isSameName(as: name) }?.1 }
    set {
      var attributes = attributes
      storage = .plain([])
      attributes.removeAll { $0.0.isSameName(as: name) }
      if let newValue { attributes.append((name, newValue)) }
      storage = .plain(attributes)
    }
  }

  /// Who is asking, when that is said.
  public var targetingKey: String? {
    get {
      guard case .string(let key) = self[Self.targetingKeyName] else { return nil }
      return key
    }
    set { self[Self.targetingKeyName] = newValue.map(Value.string) }
  }

  /// What was said, in order.
  var attributes: [(String, Value)] {
    switch storage {
    case .plain(let attributes): attributes
    case .prepared(let prepared): prepared.attributes
    }
  }

  /// A context that was prepared.
  init(_ prepared: PreparedContext, now: Timestamp?) {
    storage = .prepared(prepared)
    self.now = now
  }

  /// What was said, as it lies in memory: valid while the context is borrowed.
  ///
  /// A closure that borrows the array would have it retained, since nobody knows what the closure does.
  @inline(__always)
  borrowing func attributesInPlace() -> UnsafeBufferPointer<(String, Value)> {
    switch storage {
    case .plain(let attributes): attributes.withUnsafeBufferPointer { $0 }
    case .prepared(let prepared): prepared.attributes.withUnsafeBufferPointer { $0 }
    }
  }

  /// The slots for a snapshot's prepared buffer, if the context was prepared for it.
  @inline(__always)
  borrowing func slots(for base: UnsafeRawPointer) -> UnsafePointer<ContextSlot>? {
    guard case .prepared(let prepared) = storage, prepared.base == base else { return nil }
    return prepared.slots
  }

  /// The names of all attributes that are said, sorted.
  public var names: [String] { sortedAttributes.map(\.name) }

  /// All attributes that are said, sorted by name, each with the value that counts.
  package var sortedAttributes: [(name: String, value: Value)] {
    // Sorting is stable: of one name's values the last remains the last.
    let attributes = attributes.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
    var unique: [(name: String, value: Value)] = []
    unique.reserveCapacity(attributes.count)
    for (name, value) in attributes {
      if unique.last?.name.isSameName(as: name) == true { unique.removeLast() }
      unique.append((name, value))
    }
    return unique
  }
}

extension Context.Value: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A whole number.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// True or false.
  public init(booleanLiteral value: Bool) { self = .boolean(value) }
  /// A list of texts.
  public init(arrayLiteral elements: String...) { self = .list(elements) }
}

extension String {
  /// Whether two names are the same bytes. (Swift's strings are equal when they are canonically equivalent.)
  func isSameName(as other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
  }
}
