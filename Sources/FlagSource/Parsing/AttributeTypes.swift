internal import YAML

/// The types of all attributes, declared and built in, for the parser to look up by bytes.
///
/// Each thread makes its own copy: a dictionary shared by two threads costs more in reference counting than the look-up.
struct AttributeTypes {
  private let names: [[UInt8]]
  private let types: [AttributeType]

  /// The built-in attributes alone.
  init() { self.init([:]) }

  init(_ declarations: [String: AttributeDeclaration]) {
    var all: [(name: [UInt8], type: AttributeType)] = declarations.map { (Array($0.key.utf8), $0.value.type.value) }
    all.append((Array(AttributeDeclaration.targetingKey.utf8), .string))
    all.append((Array(AttributeDeclaration.now.utf8), .timestamp))
    all.sort { $0.name.lexicographicallyPrecedes($1.name) }
    names = all.map(\.name)
    types = all.map(\.type)
  }

  /// The type of the attribute with this name; nil when none has it.
  subscript(name: UnsafeBufferPointer<UInt8>) -> AttributeType? {
    var low = 0
    var high = names.count
    while low < high {
      let middle = (low + high) / 2
      if names[middle].lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
    }
    return low < names.count && names[low].elementsEqual(name) ? types[low] : nil
  }

  /// The type of the attribute that a scalar names.
  subscript(node: Document.Node) -> AttributeType? { node.withUTF8 { self[$0] } }

  /// The type of the attribute with this name; nil when none has it.
  subscript(name: String) -> AttributeType? {
    var name = name
    return name.withUTF8 { self[$0] }
  }
}
