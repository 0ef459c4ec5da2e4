import Testing
import YAML

/// Checks what holds for every tree: places go forward, children lie inside their parent, all scalars are found again.
func checkInvariants(_ root: Document.Node) {
  var last = SourcePosition(line: 1, column: 1)
  func visit(_ node: Document.Node) {
    #expect(last <= node.range.start, "\(outline(node))")
    #expect(node.range.start <= node.range.end, "\(outline(node))")
    var count = 0
    if node.kind == .scalar {
      last = node.range.end
    } else {
      last = node.range.start
    }
    for element in node.elements {
      visit(element)
      count += 1
    }
    for entry in node.entries {
      #expect(entry.key.kind == .scalar)
      visit(entry.key)
      visit(entry.value)
      count += 1
    }
    #expect(count == node.count)
    #expect(last <= node.range.end, "\(outline(node))")
    last = node.range.end
  }
  visit(root)
}
