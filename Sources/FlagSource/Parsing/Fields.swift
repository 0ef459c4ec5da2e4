internal import YAML

/// A mapping whose keys are all known, taken apart.
///
/// Not generic over the keys: the metadata of a dozen of such types took a command a tenth of its start.
struct Fields {
  /// The mapping.
  let node: Document.Node
  /// What the mapping is, which tells whose keys these are.
  private let mapping: StaticString
  /// Where in the document each key stands, by its position in the table; 0 for those that do not. (The first node of
  /// a document is no key.)
  private var keys = InlineArray<12, Int32>(repeating: 0)

  init<Key: MappingKey>(of node: Document.Node, _: Key.Type) {
    // The language's tables are short; a longer one needs a longer array above.
    precondition(Key.table.indices.count <= keys.count, "a mapping with too many keys to take apart")
    self.node = node
    mapping = Key.mapping
  }

  mutating func set(_ position: Int, key: Document.Node) { keys[position] = Int32(truncatingIfNeeded: key.index) }

  func has(_ position: Int) -> Bool { keys[position] != 0 }

  /// The value of `key`, if the key is there.
  func value(_ key: some MappingKey) -> Document.Node? {
    let index = index(key)
    return index != 0 ? Document.Node(document: node.document, index: index + 1) : nil
  }

  /// The entry of `key`, if it is there.
  func entry(_ key: some MappingKey) -> (key: Document.Node, value: Document.Node)? {
    guard let value = value(key) else { return nil }
    return (Document.Node(document: node.document, index: value.index - 1), value)
  }

  private func index<Key: MappingKey>(_ key: Key) -> Int {
    assert(Key.mapping.utf8Start == mapping.utf8Start, "a key of another kind of mapping")
    return Int(keys[key.position])
  }
}
