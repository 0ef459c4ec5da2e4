/// Changes a YAML file in place: comments, layout, quotes, line ends and everything else that a change is not about stay
/// as they are, byte for byte.
///
/// Each change is made twice, in the bytes and in what the document says. Then the new bytes are read, and have to say
/// exactly that, with all comments still there; a change for which they do not is refused, and nothing is changed. So
/// the worst that an unusual layout can do is to stand against an edit, never to be misunderstood by it.
///
/// Nodes belong to ``document``, which is another one after each change.
public struct DocumentEditor: Sendable {
  /// The file as it is now.
  public private(set) var bytes: [UInt8]
  /// The same, read.
  public private(set) var document: Document
  /// The same, with its places.
  private(set) var text: EditableText

  /// Takes a file.
  ///
  /// - Throws: ``YAMLError``, the first one, when the file has any.
  public init(_ bytes: [UInt8]) throws(YAMLError) {
    let (document, errors) = Document.parse(bytes)
    if let error = errors.first { throw error }
    guard let document else { throw YAMLError.outOfMemory }
    self.bytes = bytes
    self.document = document
    text = EditableText(bytes)
  }

  /// The outermost node.
  public var root: Document.Node { document.root }

  // MARK: Changes

  /// Replaces a scalar or a whole collection, a key of a mapping too.
  ///
  /// A scalar that takes the place of one in quotes gets the same quotes, unless it is a number or a Boolean. Of a
  /// collection over several lines the comments stay.
  public mutating func replace(_ node: Document.Node, by content: Content) throws(EditError) {
    try apply(replacement(of: node, by: content), to: node, expecting: .replace(content))
  }

  /// Inserts an entry into a mapping, behind the entry at `position`.
  ///
  /// - Parameter position: −1 for the first place, which only a mapping in braces or without entries has.
  public mutating func insert(
    _ entry: Content.Entry, into mapping: Document.Node, after position: Int
  ) throws(EditError) {
    let line = "\(entry.key.flowText): \(entry.value.flowText)"
    try apply(
      insertion(of: [line], into: mapping, after: position), to: mapping, expecting: .insertEntry(entry, position))
  }

  /// Adds elements at the end of a list.
  public mutating func append(_ elements: [Content], to sequence: Document.Node) throws(EditError) {
    let last = sequence.count - 1
    try apply(
      insertion(of: elements.map(\.flowText), into: sequence, after: last), to: sequence, expecting: .append(elements))
  }

  /// Removes elements of a list or entries of a mapping, with the comments behind them on their lines.
  ///
  /// By indentation at least one must be left, because nothing at all is no collection.
  public mutating func remove(_ positions: Set<Int>, from collection: Document.Node) throws(EditError) {
    try apply(
      removal(of: positions, from: collection), to: collection, expecting: .remove(positions), keepsComments: false)
  }

  // MARK: Making sure

  /// A stretch of the bytes and what takes its place.
  typealias Splice = (bytes: Range<Int>, replacement: String)

  private mutating func apply(
    _ splices: [Splice], to node: Document.Node, expecting change: Content.Change, keepsComments: Bool = true
  ) throws(EditError) {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 64)
    var position = 0
    for splice in splices.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound }) {
      guard splice.bytes.lowerBound >= position else { throw unsafe(node) }
      result += bytes[position..<splice.bytes.lowerBound]
      result += splice.replacement.utf8
      position = splice.bytes.upperBound
    }
    result += bytes[position...]
    let (new, errors) = Document.parse(result)
    guard let new, errors.isEmpty,
      Content(new.root) == Content(document.root, changing: node.index, by: change)
    else { throw unsafe(node) }
    let newText = EditableText(result)
    guard !keepsComments || newText.comments(in: new) == text.comments(in: document) else { throw unsafe(node) }
    bytes = result
    document = new
    text = newText
  }

  func unsafe(_ node: Document.Node) -> EditError {
    EditError("this cannot be edited safely in the form in which it is written", at: node.range)
  }

  /// The bytes of a node.
  func offsets(of node: Document.Node) throws(EditError) -> Range<Int> {
    guard let offsets = text.offsets(of: node.range) else { throw unsafe(node) }
    return offsets
  }

  /// Where a line's text ends: before its line break, which may be of one byte or two.
  func endOfText(inLineOf offset: Int) -> Int {
    let end = text.endOfLine(from: offset)
    return end > 0 && end < bytes.count && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
  }

  /// The line break of the file: that of its first line.
  var lineBreak: String {
    guard let first = bytes.firstIndex(of: UInt8(ascii: "\n")), first > 0 else { return "\n" }
    return bytes[first - 1] == UInt8(ascii: "\r") ? "\r\n" : "\n"
  }
}

extension Content {
  /// What an edit does to a node.
  enum Change {
    case replace(Content)
    case insertEntry(Entry, Int)
    case append([Content])
    case remove(Set<Int>)
  }

  /// What a node says after one of the nodes at or below it was changed.
  init(_ node: Document.Node, changing index: Int, by change: Change) {
    guard node.index == index else {
      switch node.kind {
      case .scalar: self = Content(node)
      case .sequence: self = .sequence(node.elements.map { Content($0, changing: index, by: change) })
      case .mapping:
        self = .mapping(
          node.entries.map {
            Entry(Content($0.key, changing: index, by: change), Content($0.value, changing: index, by: change))
          })
      }
      return
    }
    switch (change, Content(node)) {
    case (.replace(let content), _): self = content
    case (.insertEntry(let entry, let position), .mapping(var entries)):
      entries.insert(entry, at: min(position + 1, entries.count))
      self = .mapping(entries)
    case (.append(let elements), .sequence(let old)): self = .sequence(old + elements)
    case (.remove(let positions), .sequence(let old)):
      self = .sequence(old.indices.filter { !positions.contains($0) }.map { old[$0] })
    case (.remove(let positions), .mapping(let old)):
      self = .mapping(old.indices.filter { !positions.contains($0) }.map { old[$0] })
    case (_, let old): self = old
    }
  }
}

extension EditableText {
  /// The comments of a document, each from its `#` to the end of its line.
  func comments(in document: Document) -> [[UInt8]] {
    var comments: [[UInt8]] = []
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < bytes.count {
      let end = endOfLine(from: start)
      if let comment = comment(from: start, to: end, in: document) {
        var content = bytes[comment..<end]
        if content.last == UInt8(ascii: "\r") { content.removeLast() }
        comments.append(Array(content))
      }
      start = end + 1
    }
    return comments
  }

  /// Where a comment begins in a part of one line.
  func comment(from start: Int, to end: Int, in document: Document) -> Int? {
    (start..<end).first { offset in
      guard bytes[offset] == UInt8(ascii: "#") else { return false }
      let isAfterBlank = offset == start || bytes[offset - 1] == 0x20 || bytes[offset - 1] == 0x09
      return isAfterBlank && !document.isInsideScalar(range(of: offset..<offset).start)
    }
  }
}
