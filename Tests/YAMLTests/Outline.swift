import YAML

/// Writes a tree with places, one node a line, so that a test shows all there is to know about a parse.
func outline(_ node: Document.Node, depth: Int = 0) -> String {
  let indent = String(repeating: "  ", count: depth)
  let place = "\(describe(node.range)) \(node.style)"
  switch node.kind {
  case .scalar: return "\(indent)\(place) \(node.text.debugDescription)\n"
  case .sequence:
    return "\(indent)\(place) sequence\n" + node.elements.map { outline($0, depth: depth + 1) }.joined()
  case .mapping:
    let entries = node.entries.map { outline($0.key, depth: depth + 1) + outline($0.value, depth: depth + 2) }
    return "\(indent)\(place) mapping\n" + entries.joined()
  }
}

/// `line:column-line:column`, the end excluded.
func describe(_ range: SourceRange) -> String {
  "\(range.start.line):\(range.start.column)-\(range.end.line):\(range.end.column)"
}

/// The outline of a text without errors, else its errors.
func outline(_ text: String) -> String { outline(Array(text.utf8)) }

func outline(_ bytes: [UInt8]) -> String {
  let (document, errors) = Document.parse(bytes)
  guard let document, errors.isEmpty else {
    return errors.map { "\(describe($0.range)) \($0.code) \($0.message)\n" }.joined()
  }
  return outline(document.root)
}
