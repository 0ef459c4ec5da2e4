extension DocumentEditor {
  /// What to change for a list without some of its elements.
  func removal(of positions: Set<Int>, from sequence: Document.Node) throws(EditError) -> [Splice] {
    let elements = Array(sequence.elements)
    guard sequence.kind == .sequence, positions.allSatisfy(elements.indices.contains) else { throw unsafe(sequence) }
    if sequence.style == .block {
      guard positions.count < elements.count else { throw unsafe(sequence) }
      return try positions.map { position throws(EditError) in
        try lines(of: elements[position], in: sequence)
      }
    }
    return try flowRemoval(of: positions, elements, sequence)
  }

  /// The lines of an element behind a dash, with the line break that ends the line before.
  private func lines(of element: Document.Node, in sequence: Document.Node) throws(EditError) -> Splice {
    let bounds = try offsets(of: element)
    let start = text.startOfLine(at: bounds.lowerBound)
    guard let dash = text.lastNonBlank(before: bounds.lowerBound), dash >= start, bytes[dash] == UInt8(ascii: "-"),
      text.skipSpaces(from: start) == dash
    else { throw unsafe(element) }
    let end = endOfText(inLineOf: bounds.upperBound)
    guard start > 0, bytes[start - 1] == UInt8(ascii: "\n") else {
      // The first line of the file: it goes with its own break.
      return (start..<min(text.endOfLine(from: end) + 1, bytes.count), "")
    }
    let isAfterReturn = start > 1 && bytes[start - 2] == UInt8(ascii: "\r")
    return (start - (isAfterReturn ? 2 : 1)..<end, "")
  }

  /// Elements in brackets, each with a comma; or with its line, where it has one of its own.
  private func flowRemoval(
    of positions: Set<Int>, _ elements: [Document.Node], _ sequence: Document.Node
  ) throws(EditError) -> [Splice] {
    var splices: [Splice] = []
    let kept = elements.indices.filter { !positions.contains($0) }
    for position in positions.sorted() {
      let bounds = try offsets(of: elements[position])
      if let line = wholeLine(of: bounds) {
        splices.append((line, ""))
      } else if let firstKept = kept.first, firstKept < position {
        // With the comma before it, and the space between them.
        splices.append(
          (try onOneLine(offsets(of: elements[position - 1]).upperBound..<bounds.upperBound, sequence), ""))
      } else if position + 1 < elements.count {
        splices.append(
          (try onOneLine(bounds.lowerBound..<offsets(of: elements[position + 1]).lowerBound, sequence), ""))
      } else {
        splices.append((bounds, ""))
      }
    }
    // The comma behind what is now the last element belonged to lines that are gone.
    if let lastKept = kept.last, lastKept + 1 < elements.count,
      let comma = try danglingComma(after: elements[lastKept], elements)
    {
      let isInside = splices.contains { $0.bytes.contains(comma) }
      if !isInside { splices.append((comma..<comma + 1, "")) }
    }
    return splices
  }

  /// Bytes that have to go; refused where a line ends among them, because there may be a comment.
  private func onOneLine(_ bytes: Range<Int>, _ sequence: Document.Node) throws(EditError) -> Range<Int> {
    guard !self.bytes[bytes].contains(UInt8(ascii: "\n")) else { throw unsafe(sequence) }
    return bytes
  }

  /// The comma behind an element, unless the list has one behind its last element, too.
  private func danglingComma(after element: Document.Node, _ elements: [Document.Node]) throws(EditError) -> Int? {
    guard let last = elements.last else { return nil }
    if let next = firstContent(from: try offsets(of: last).upperBound), bytes[next] == UInt8(ascii: ",") { return nil }
    let next = firstContent(from: try offsets(of: element).upperBound)
    return next.flatMap { bytes[$0] == UInt8(ascii: ",") ? $0 : nil }
  }

  /// The line that an element has for itself, with the break before it: nothing else stands there but a comma and a
  /// comment.
  private func wholeLine(of element: Range<Int>) -> Range<Int>? {
    let start = text.startOfLine(at: element.lowerBound)
    guard start > 0, bytes[start - 1] == UInt8(ascii: "\n"), text.skipSpaces(from: start) == element.lowerBound
    else { return nil }
    let end = endOfText(inLineOf: element.upperBound)
    var rest = text.skipSpaces(from: element.upperBound)
    if rest < end, bytes[rest] == UInt8(ascii: ",") { rest = text.skipSpaces(from: rest + 1) }
    guard rest >= end || bytes[rest] == UInt8(ascii: "#") else { return nil }
    let isAfterReturn = start > 1 && bytes[start - 2] == UInt8(ascii: "\r")
    return start - (isAfterReturn ? 2 : 1)..<end
  }
}
