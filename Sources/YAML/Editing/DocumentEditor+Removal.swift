extension DocumentEditor {
  /// What to change for a collection without some of its children.
  func removal(of positions: Set<Int>, from collection: Document.Node) throws(EditError) -> [Splice] {
    let children = try bounds(ofChildrenOf: collection)
    guard collection.kind != .scalar, positions.allSatisfy(children.indices.contains) else { throw unsafe(collection) }
    let splices: [Splice]
    if collection.style == .block {
      guard positions.count < children.count else { throw unsafe(collection) }
      splices = try positions.map { position throws(EditError) in try lines(of: children[position], in: collection) }
    } else {
      splices = try flowRemoval(of: positions, children, collection)
    }
    // Comments go with the line of what they stand behind; one that has a line of its own is about more than that.
    for splice in splices {
      var start = splice.bytes.lowerBound
      while start < splice.bytes.upperBound {
        let line = text.startOfLine(at: start)
        let first = text.skipSpaces(from: line)
        if first >= start, text.comment(from: first, to: min(first + 1, bytes.count), in: document) != nil,
          first < splice.bytes.upperBound
        {
          throw unsafe(collection)
        }
        start = text.endOfLine(from: start) + 1
      }
    }
    return splices
  }

  /// Where the elements of a list or the entries of a mapping stand.
  private func bounds(ofChildrenOf collection: Document.Node) throws(EditError) -> [Range<Int>] {
    var bounds: [Range<Int>] = []
    for element in collection.elements { bounds.append(try offsets(of: element)) }
    for entry in collection.entries {
      bounds.append(try offsets(of: entry.key).lowerBound..<offsets(of: entry.value).upperBound)
    }
    return bounds
  }

  /// The lines of a child by indentation, with the line break that ends the line before.
  private func lines(of child: Range<Int>, in collection: Document.Node) throws(EditError) -> Splice {
    let start = text.startOfLine(at: child.lowerBound)
    var first = child.lowerBound
    if collection.kind == .sequence {
      guard let dash = text.lastNonBlank(before: first), bytes[dash] == UInt8(ascii: "-") else {
        throw unsafe(collection)
      }
      first = dash
    }
    guard first >= start, text.skipSpaces(from: start) == first else { throw unsafe(collection) }
    let end = endOfText(inLineOf: child.upperBound)
    if let lineBreak = lineBreak(before: start) { return (lineBreak..<end, "") }
    // The first line of the file: it goes with its own break.
    return (start..<min(text.endOfLine(from: end) + 1, bytes.count), "")
  }

  /// Children in brackets or braces, each with a comma; or with its line, where it has one of its own.
  private func flowRemoval(
    of positions: Set<Int>, _ children: [Range<Int>], _ collection: Document.Node
  ) throws(EditError) -> [Splice] {
    var splices: [Splice] = []
    let kept = children.indices.filter { !positions.contains($0) }
    for position in positions.sorted() {
      let child = children[position]
      if let line = wholeLine(of: child) {
        splices.append((line, ""))
      } else if let firstKept = kept.first, firstKept < position {
        // With the comma before it, and the space between them.
        let gap = try plain(children[position - 1].upperBound..<child.lowerBound, collection)
        splices.append((gap.lowerBound..<child.upperBound, ""))
      } else if position + 1 < children.count {
        let gap = try plain(child.upperBound..<children[position + 1].lowerBound, collection)
        splices.append((child.lowerBound..<gap.upperBound, ""))
      } else {
        splices.append((child, ""))
      }
    }
    // The comma behind what is now the last child belonged to lines that are gone.
    if let lastKept = kept.last, lastKept + 1 < children.count, let comma = danglingComma(after: lastKept, children),
      !splices.contains(where: { $0.bytes.contains(comma) })
    {
      splices.append((comma..<comma + 1, ""))
    }
    return splices
  }

  /// The bytes between two children, which have to go; refused where there is a comment among them.
  private func plain(_ gap: Range<Int>, _ collection: Document.Node) throws(EditError) -> Range<Int> {
    guard !bytes[gap].contains(UInt8(ascii: "#")) else { throw unsafe(collection) }
    return gap
  }

  /// The comma behind a child, unless there is one behind the last child, too.
  private func danglingComma(after position: Int, _ children: [Range<Int>]) -> Int? {
    guard let last = children.last else { return nil }
    if let next = firstContent(from: last.upperBound), bytes[next] == UInt8(ascii: ",") { return nil }
    let next = firstContent(from: children[position].upperBound)
    return next.flatMap { bytes[$0] == UInt8(ascii: ",") ? $0 : nil }
  }

  /// The line that a child has for itself, with the break before it: nothing else stands there but a comma and a comment.
  private func wholeLine(of child: Range<Int>) -> Range<Int>? {
    let start = text.startOfLine(at: child.lowerBound)
    guard let lineBreak = lineBreak(before: start), text.skipSpaces(from: start) == child.lowerBound else { return nil }
    let end = endOfText(inLineOf: child.upperBound)
    var rest = text.skipSpaces(from: child.upperBound)
    if rest < end, bytes[rest] == UInt8(ascii: ",") { rest = text.skipSpaces(from: rest + 1) }
    guard rest >= end || bytes[rest] == UInt8(ascii: "#") else { return nil }
    return lineBreak..<end
  }

  /// Where the line before the one that begins at `start` ends: at its line break, of one byte or two; nil when there is
  /// no such line.
  func lineBreak(before start: Int) -> Int? {
    guard start > 0, bytes[start - 1] == UInt8(ascii: "\n") else { return nil }
    return start > 1 && bytes[start - 2] == UInt8(ascii: "\r") ? start - 2 : start - 1
  }
}
