/// The known keys of one kind of mapping: the language is declared here, once, as data.
///
/// The raw values are the keys as authors write them.
package protocol MappingKey: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
  /// What the mapping is, with its article: "a flag's definition".
  static var mapping: StaticString { get }
  /// What is known about the key.
  var keyShape: KeyShape { get }
  /// The table of all cases; a stored property, because it is used for every mapping of every file.
  static var table: KeyTable<Self> { get }
}

extension MappingKey {
  /// The mapping with all its keys, for schemas and documentation.
  package static var mappingShape: MappingShape {
    MappingShape(name: mapping.description, keys: allCases.map { ($0.rawValue, $0.keyShape) })
  }
}

extension MappingKey {
  /// The number of the case, in the order of declaration.
  ///
  /// An enumeration without payloads is stored as just that (Swift, docs/ABI/TypeLayout.rst, "Fragile Enum Layout"), so
  /// that no array of the cases has to be made, each of another type, before the first file can be read. Each table that
  /// is made without optimisation, as in tests, is held to it.
  var position: Int { Int(unsafeBitCast(self, to: UInt8.self)) }

  /// The case with a number, which must be one of ``KeyTable/indices``.
  init(position: Int) { self = unsafeBitCast(UInt8(truncatingIfNeeded: position), to: Self.self) }
}

/// The keys of one kind of mapping in the form in which the parser looks them up.
package struct KeyTable<Key: MappingKey>: Sendable {
  /// Whether the key of that position must be there.
  let isRequired: [Bool]
  private let names: [[UInt8]]

  package init() {
    assert(Key.allCases.enumerated().allSatisfy { $0 == $1.position }, "keys are not stored as their positions")
    let positions = 0..<Key.allCases.count
    isRequired = positions.map { Key(position: $0).keyShape.isRequired }
    names = positions.map { Array(Key(position: $0).rawValue.utf8) }
  }

  /// The positions of the keys.
  var indices: Range<Int> { names.indices }

  /// The key of a position.
  subscript(position: Int) -> Key {
    precondition(indices.contains(position), "no key has this position")
    return Key(position: position)
  }

  /// The position of the key that is spelt so.
  func position(of name: UnsafeBufferPointer<UInt8>) -> Int? {
    for index in names.indices where names[index].count == name.count && names[index].elementsEqual(name) {
      return index
    }
    return nil
  }
}
