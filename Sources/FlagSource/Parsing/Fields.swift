internal import YAML

/// A mapping whose keys are all known, taken apart.
struct Fields<Key: MappingKey> {
  /// The mapping.
  let node: Document.Node
  private var keys: [Document.Node?]
  private var values: [Document.Node?]

  init(of node: Document.Node) {
    self.node = node
    keys = Array(repeating: nil, count: Key.table.keys.count)
    values = keys
  }

  mutating func set(_ position: Int, key: Document.Node, value: Document.Node) {
    keys[position] = key
    values[position] = value
  }

  func has(_ position: Int) -> Bool { values[position] != nil }

  /// The value of `key`, if the key is there.
  func value(_ key: Key) -> Document.Node? { entry(key)?.value }

  /// The entry of `key`, if it is there.
  func entry(_ key: Key) -> (key: Document.Node, value: Document.Node)? {
    guard let position = Key.table.keys.firstIndex(of: key), let name = keys[position], let value = values[position]
    else { return nil }
    return (name, value)
  }
}
