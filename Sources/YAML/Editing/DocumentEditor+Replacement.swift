extension DocumentEditor {
  /// What to change for another content in a node's place.
  func replacement(of node: Document.Node, by content: Content) throws(EditError) -> [Splice] {
    let new = written(content, inPlaceOf: node)
    let offsets = try offsets(of: node)
    // Nothing is written yet, as after `key:`.
    if offsets.isEmpty { return [(offsets, " " + new)] }
    let isOnOneLine = node.range.start.line == node.range.end.line
    if isOnOneLine, node.style != .literal, node.style != .folded { return [(offsets, new)] }
    return try linesReplaced(node, offsets, new)
  }

  private func written(_ content: Content, inPlaceOf node: Document.Node) -> String {
    guard case .scalar(let text, isPlain: false) = content, node.kind == .scalar else { return content.flowText }
    switch node.style {
    case .doubleQuoted: return PlainScalar.inDoubleQuotes(text)
    case .singleQuoted where text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }:
      return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    default: return content.flowText
    }
  }

  /// A value over several lines becomes one on the line of its key; its comments stay on their lines.
  private func linesReplaced(_ node: Document.Node, _ offsets: Range<Int>, _ new: String) throws(EditError) -> [Splice]
  {
    guard let head = try head(of: node) else { throw unsafe(node) }
    var splices: [Splice] = []
    var start = head
    while start < offsets.upperBound {
      let endOfText = endOfText(inLineOf: start)
      let isFirst = start == head
      let comment = text.comment(from: start, to: endOfText, in: document)
      let end = max(min(comment ?? endOfText, max(offsets.upperBound, start)), start)
      let contentEnd = bytes[start..<end].lastIndex { $0 != 0x20 && $0 != 0x09 }.map { $0 + 1 } ?? start
      if isFirst {
        splices.append((start..<contentEnd, " " + new))
      } else if comment != nil, comment == text.skipSpaces(from: start) {
        // A line of its own stays.
      } else if comment != nil {
        // The comment moves to where the content began, so that the line keeps its indentation.
        splices.append((text.skipSpaces(from: start)..<text.skipSpaces(from: contentEnd), ""))
      } else if contentEnd < endOfText, bytes[contentEnd..<endOfText].contains(where: { $0 != 0x20 && $0 != 0x09 }) {
        // Something else follows on the line, such as the next entry in braces.
        splices.append(((lineBreak(before: start) ?? start)..<contentEnd, ""))
      } else {
        // The line goes with the break before it, so that a file without a last line break keeps having none.
        splices.append(((lineBreak(before: start) ?? start)..<endOfText, ""))
      }
      start = text.endOfLine(from: start) + 1
    }
    return splices
  }

  /// Where the value of an entry may begin on the line of its key: behind the colon.
  private func head(of node: Document.Node) throws(EditError) -> Int? {
    guard node.index > 0 else { return nil }
    let key = Document.Node(document: document, index: node.index - 1)
    guard key.kind == .scalar, key.range.start.line == key.range.end.line else { return nil }
    let colon = text.skipSpaces(from: try offsets(of: key).upperBound)
    return colon < bytes.count && bytes[colon] == UInt8(ascii: ":") ? colon + 1 : nil
  }
}
