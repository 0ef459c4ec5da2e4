extension DocumentEditor {
  /// What to change for new children of a collection, each given by its text.
  ///
  /// - Parameter position: of the child before them; −1 when there is none.
  func insertion(
    of children: [String], into collection: Document.Node, after position: Int
  ) throws(EditError) -> [Splice] {
    guard collection.kind != .scalar, !children.isEmpty else { throw unsafe(collection) }
    if position < 0 {
      guard collection.style == .flow else { throw unsafe(collection) }
      let start = try offsets(of: collection).lowerBound + 1
      let rest = collection.count > 0 ? ", " : ""
      return [(start..<start, children.joined(separator: ", ") + rest)]
    }
    guard let before = Child(of: collection, at: position) else { throw unsafe(collection) }
    let bounds = try offsets(of: before.first).lowerBound..<offsets(of: before.last).upperBound
    return collection.style == .flow
      ? flowInsertion(of: children, behind: bounds) : try blockInsertion(of: children, into: collection, behind: bounds)
  }

  /// An element, or the key and the value of an entry.
  struct Child {
    var first: Document.Node
    var last: Document.Node

    init?(of collection: Document.Node, at position: Int) {
      guard position >= 0, position < collection.count else { return nil }
      switch collection.kind {
      case .sequence:
        guard let element = collection.elements.dropFirst(position).first(where: { _ in true }) else { return nil }
        (first, last) = (element, element)
      default:
        guard let entry = collection.entries.dropFirst(position).first(where: { _ in true }) else { return nil }
        (first, last) = (entry.key, entry.value)
      }
    }
  }

  // MARK: By indentation

  /// New lines behind the last line of a child, indented as it is.
  private func blockInsertion(
    of children: [String], into collection: Document.Node, behind child: Range<Int>
  ) throws(EditError) -> [Splice] {
    let lineStart = text.startOfLine(at: child.lowerBound)
    let end = endOfText(inLineOf: child.upperBound)
    let lead: String
    if collection.kind == .sequence {
      guard let dash = text.lastNonBlank(before: child.lowerBound), dash >= lineStart,
        bytes[dash] == UInt8(ascii: "-")
      else { throw unsafe(collection) }
      lead = spaces(text.range(of: dash..<dash)) + String(decoding: bytes[dash..<child.lowerBound], as: UTF8.self)
    } else {
      lead = spaces(text.range(of: child.lowerBound..<child.lowerBound))
    }
    return [(end..<end, children.map { lineBreak + lead + $0 }.joined())]
  }

  /// Spaces up to the column of a place.
  private func spaces(_ place: SourceRange) -> String { String(repeating: " ", count: Int(place.start.column) - 1) }

  // MARK: In brackets and braces

  /// New children behind another one: on its line, or on lines of their own where it has one.
  private func flowInsertion(of children: [String], behind child: Range<Int>) -> [Splice] {
    let inline = [(child.upperBound..<child.upperBound, ", " + children.joined(separator: ", "))]
    let lineStart = text.startOfLine(at: child.lowerBound)
    guard text.skipSpaces(from: lineStart) == child.lowerBound else { return inline }
    let indentation = String(decoding: bytes[lineStart..<child.lowerBound], as: UTF8.self)
    let endOfText = endOfText(inLineOf: child.upperBound)
    let next = text.skipSpaces(from: child.upperBound)
    let isAtEnd = next >= endOfText || bytes[next] == UInt8(ascii: "#")
    let hasComma = !isAtEnd && bytes[next] == UInt8(ascii: ",")
    let behindComma = hasComma ? text.skipSpaces(from: next + 1) : next
    guard behindComma >= endOfText || bytes[behindComma] == UInt8(ascii: "#") else { return inline }
    if hasComma { return [(endOfText..<endOfText, children.map { lineBreak + indentation + $0 + "," }.joined())] }
    // A comma that comes lines below belongs to this child.
    if let other = firstContent(from: endOfText), bytes[other] == UInt8(ascii: ",") { return inline }
    let lines = lineBreak + indentation + children.joined(separator: "," + lineBreak + indentation)
    return [(child.upperBound..<child.upperBound, ","), (endOfText..<endOfText, lines)]
  }

  /// The first byte from the end of a line on that belongs to no comment and is not blank.
  func firstContent(from endOfLine: Int) -> Int? {
    var start = endOfLine
    while let next = text.firstNonBlank(from: start) {
      guard bytes[next] == UInt8(ascii: "#") else { return next }
      start = text.endOfLine(from: next)
    }
    return nil
  }
}
