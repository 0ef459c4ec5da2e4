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

/// The keys of one kind of mapping in the form in which the parser looks them up.
package struct KeyTable<Key: MappingKey>: Sendable {
  /// In the order of `Key.allCases`.
  let keys: [Key]
  /// Whether the key of that position must be there.
  let isRequired: [Bool]
  private let names: [[UInt8]]

  package init() {
    keys = Array(Key.allCases)
    isRequired = keys.map(\.keyShape.isRequired)
    names = keys.map { Array($0.rawValue.utf8) }
  }

  /// The position of a key.
  func position(of key: Key) -> Int {
    for index in keys.indices where keys[index] == key { return index }
    preconditionFailure("a table has all keys of its type")
  }

  /// The position of the key that is spelt so.
  func position(of name: UnsafeBufferPointer<UInt8>) -> Int? {
    for index in names.indices where names[index].count == name.count && names[index].elementsEqual(name) {
      return index
    }
    return nil
  }
}
