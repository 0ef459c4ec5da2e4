/// What may stand at a place of a file, as far as a file can be judged alone.
///
/// The JSON Schemas and the reference of the language are made from it; the parser reads keys by the same tables.
package indirect enum ValueShape: Sendable {
  /// Any text.
  case text
  /// A text of the form of keys: `[A-Za-z0-9][A-Za-z0-9._-]*`, 128 bytes at most.
  case name
  /// One of these words.
  case word([String])
  case boolean
  /// This number and no other.
  case constant(Int)
  /// A whole number of a range.
  case whole(from: Int, to: Int)
  /// A percentage of three decimals at most.
  case percentage
  /// An instant, RFC 3339.
  case timestamp
  /// A day, `YYYY-MM-DD`.
  case date
  /// A text, a number or a Boolean.
  case scalar
  /// Anything that JSON can say.
  case json
  case list(of: ValueShape, minimum: Int)
  /// A list of exactly two.
  case pair(of: ValueShape)
  /// A mapping with keys of its own.
  case mapping(MappingShape)
  /// A mapping from names that the author chooses.
  case dictionary(of: ValueShape, minimum: Int)
  case either([ValueShape])
  /// The shape of that name in ``FileShape/definitions``, which may refer to itself.
  case reference(String)
}

/// The keys of a mapping.
package struct MappingShape: Sendable {
  /// What the mapping is, with its article: "a flag's definition".
  package var name: String
  /// The known keys in the order in which the reference shows them.
  package var keys: [(name: String, shape: KeyShape)]
  /// The shape of the values of all other keys; nil when there must be no others.
  package var others: ValueShape?
  /// Sets of keys of each of which exactly one must stand there.
  package var exactlyOne: [[String]]

  package init(
    name: String, keys: [(name: String, shape: KeyShape)], others: ValueShape? = nil, exactlyOne: [[String]] = []
  ) {
    self.name = name
    self.keys = keys
    self.others = others
    self.exactlyOne = exactlyOne
  }
}

/// One known key of a mapping.
package struct KeyShape: Sendable {
  /// What the value must be, as findings say it: "a list of targeting keys".
  package var expected: StaticString
  /// A value that would do, as YAML.
  package var example: StaticString
  package var isRequired: Bool
  /// Made when it is asked for: reading a tree has no use for what is below a key.
  package var value: ValueShape { makeValue() }
  /// What the key is for, in one sentence.
  package var summary: StaticString

  package init(
    _ expected: StaticString, example: StaticString, isRequired: Bool = false,
    value: @escaping @autoclosure @Sendable () -> ValueShape, summary: StaticString
  ) {
    self.expected = expected
    self.example = example
    self.isRequired = isRequired
    makeValue = value
    self.summary = summary
  }

  private let makeValue: @Sendable () -> ValueShape
}
