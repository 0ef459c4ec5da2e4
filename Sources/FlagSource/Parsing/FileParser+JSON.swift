internal import Ensign
internal import YAML

extension FileParser {
  /// A JSON value as the core schema reads it: the value of an object variant, of `expectValue`.
  ///
  /// The YAML reader has limited the depth already.
  mutating func json(_ node: Document.Node) -> JSONValue? {
    switch node.kind {
    case .scalar:
      return jsonScalar(node)
    case .sequence:
      var elements: [JSONValue] = []
      for element in node.elements {
        if let value = json(element) { elements.append(value) }
      }
      return elements.count == node.count ? .array(elements) : nil
    case .mapping:
      var members: [JSONValue.Member] = []
      for (key, value) in node.entries {
        reportIfAmbiguous(key)
        if let value = json(value) { members.append(JSONValue.Member(key: key.text, value: value)) }
      }
      return members.count == node.count ? .object(members) : nil
    }
  }

  /// A scalar as the core schema reads it.
  mutating func jsonScalar(_ node: Document.Node) -> JSONValue? {
    switch node.value {
    case .null: return .null
    case .bool(let value): return .boolean(value)
    case .string:
      reportIfAmbiguous(node)
      return .string(node.text)
    case .integer(let value):
      reportIfAmbiguousNumber(node)
      if JSONValue.integers.contains(value) { return .integer(value) }
    case .number(let value):
      // Digits without a fraction that do not fit an integer would lose some of them.
      let isIntegerText = node.withUTF8 { $0.allSatisfy { $0 &- UInt8(ascii: "0") < 10 || $0 == UInt8(ascii: "-") } }
      if value.isFinite, !isIntegerText { return .number(value) }
    }
    report(.numberOutOfRange(node.text, at: place(node)))
    return nil
  }
}
