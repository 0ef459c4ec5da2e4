internal import YAML

/// The types of all attributes, declared and built in, for the parser to look up by bytes.
///
/// Each thread makes its own: one shared by two threads costs more in reference counting than the look-up.
struct AttributeTypes {
  /// Sorted by the bytes of their names.
  private let all: [(name: [UInt8], type: AttributeType)]

  /// The built-in attributes alone.
  init() { self.init([:]) }

  init(_ declarations: [String: AttributeDeclaration]) {
    var all: [(name: [UInt8], type: AttributeType)] = declarations.map { (Array($0.key.utf8), $0.value.type.value) }
    all.append((Array(AttributeDeclaration.targetingKey.utf8), .string))
    all.append((Array(AttributeDeclaration.now.utf8), .timestamp))
    all.sort { $0.name.lexicographicallyPrecedes($1.name) }
    self.all = all
  }

  /// The type of the attribute with this name; nil when none has it.
  subscript(name: UnsafeBufferPointer<UInt8>) -> AttributeType? {
    var low = 0
    var high = all.count
    while low < high {
      let middle = (low + high) / 2
      if all[middle].name.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
    }
    return low < all.count && all[low].name.elementsEqual(name) ? all[low].type : nil
  }

  /// The type of the attribute that a scalar names.
  subscript(node: Document.Node) -> AttributeType? { node.withUTF8 { self[$0] } }

  /// The type of the attribute with this name; nil when none has it.
  subscript(name: String) -> AttributeType? {
    var name = name
    return name.withUTF8 { self[$0] }
  }
}
