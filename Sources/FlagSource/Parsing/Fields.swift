internal import YAML

/// A mapping whose keys are all known, taken apart.
struct Fields<Key: MappingKey> {
  /// The mapping.
  let node: Document.Node
  /// Where in the document each key stands, by its position in the table; 0 for those that do not. (The first node of
  /// a document is no key.)
  private var keys = InlineArray<12, Int32>(repeating: 0)

  init(of node: Document.Node) {
    // The language's tables are short; a longer one needs a longer array above.
    precondition(Key.table.keys.count <= keys.count, "a mapping with too many keys to take apart")
    self.node = node
  }

  mutating func set(_ position: Int, key: Document.Node) { keys[position] = Int32(truncatingIfNeeded: key.index) }

  func has(_ position: Int) -> Bool { keys[position] != 0 }

  /// The value of `key`, if the key is there.
  func value(_ key: Key) -> Document.Node? {
    let index = index(key)
    return index != 0 ? Document.Node(document: node.document, index: index + 1) : nil
  }

  /// The entry of `key`, if it is there.
  func entry(_ key: Key) -> (key: Document.Node, value: Document.Node)? {
    guard let value = value(key) else { return nil }
    return (Document.Node(document: node.document, index: value.index - 1), value)
  }

  private func index(_ key: Key) -> Int { Int(keys[Key.table.position(of: key)]) }
}
