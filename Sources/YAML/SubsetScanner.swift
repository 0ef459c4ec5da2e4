/// Reads the YAML that people write most, ten times as fast as libyaml: collections by indentation, collections in
/// brackets and scalars that each stand on one line, comments.
///
/// It gives up at the first byte that is anything else, a mistake too: libyaml reads all of it then, and says what is
/// wrong. So whatever it accepts is the tree that libyaml's events make, to the last position (`SubsetScannerTests`).
@safe struct SubsetScanner {
  let source: UnsafeRawBufferPointer
  private let limits: Limits
  private let isASCII: Bool
  var text: [UInt8] = []
  private var records: [Record] = []
  private var duplicates = DuplicateKeys()

  /// The next byte to read.
  var offset = 0
  private var line: UInt32 = 1
  private var lineStart = 0
  /// Up to where in the line the bytes that begin no character are counted, and how many there are.
  private var counted = (end: 0, continuations: 0)
  /// The column, from 0, of the first byte of a line that is no comment; -1 at the end of the text.
  private var indent = -1

  /// The innermost collection that is not closed yet.
  private var parent = 0
  private var depth = 0
  /// Where the last scalar or closed collection ended.
  private var lastEnd = SourcePosition(line: 1, column: 1)

  /// Each level is a call of a function.
  private static let greatestDepth = 64

  /// - Parameter source: acceptable (``SourceText/firstUnacceptable()``); its bytes must outlive the scanner.
  init(_ source: SourceText, limits: Limits) {
    unsafe self.source = source.bytes
    unsafe isASCII = source.bytes.reduce(0) { $0 | $1 } < 0x80
    self.limits = limits
    // A node takes about six bytes in files that people write.
    records.reserveCapacity(min(source.count / 5 + 1, limits.nodes))
    text.reserveCapacity(source.count)
  }

  /// The document, or nil where libyaml has to read it.
  consuming func document() -> Document? {
    guard goToContent(), indent >= 0 else { return nil }
    if indent == 0, startsWith("---") {
      offset += 3
      guard endLine(), indent >= 0 else { return nil }
    }
    if indent == 0, startsWith("...") { return nil }
    guard blockCollection(), indent < 0 else { return nil }
    return Document(records: records, text: text)
  }
}

// MARK: Bytes and places

extension SubsetScanner {
  /// The byte `ahead` bytes after the next one; a line feed behind the end.
  func peek(_ ahead: Int = 0) -> UInt8 {
    let place = offset + ahead
    return unsafe place < source.count ? source[place] : UInt8(ascii: "\n")
  }

  /// The place of the next byte.
  var position: SourcePosition {
    mutating get {
      var column = offset - lineStart + 1
      if !isASCII {
        while counted.end < offset {
          if unsafe source[counted.end] & 0xC0 == 0x80 { counted.continuations += 1 }
          counted.end += 1
        }
        column -= counted.continuations
      }
      return SourcePosition(line: line, column: UInt32(truncatingIfNeeded: column))
    }
  }

  mutating func skipSpaces() {
    while peek() == UInt8(ascii: " ") { offset += 1 }
  }

  /// Whether a line that could begin or end a document begins here.
  private func startsWith(_ marker: String) -> Bool {
    unsafe source.count - offset >= marker.utf8.count
      && UnsafeRawBufferPointer(rebasing: source[offset...]).starts(with: marker.utf8)
  }

  /// Whether the line is over but for spaces, which are skipped, and a comment.
  private mutating func isAtEndOfLine() -> Bool {
    skipSpaces()
    if peek() == UInt8(ascii: "\n") { return true }
    return unsafe peek() == UInt8(ascii: "#") && (offset == lineStart || source[offset - 1] == UInt8(ascii: " "))
  }

  /// Goes from behind the last token of a line to the next content; false when there is more in the line.
  private mutating func endLine() -> Bool {
    guard isAtEndOfLine() else { return false }
    skipLine()
    guard goToContent() else { return false }
    // Another document.
    return indent != 0 || !(startsWith("---") || startsWith("..."))
  }

  private mutating func skipLine() {
    while peek() != UInt8(ascii: "\n") { offset += 1 }
    offset += 1
    line += 1
    lineStart = offset
    counted = (offset, 0)
  }

  /// Goes from the start of a line to the next content, in this line or below; false when that cannot be told.
  private mutating func goToContent() -> Bool {
    while unsafe offset < source.count {
      skipSpaces()
      switch peek() {
      case UInt8(ascii: "\n"), UInt8(ascii: "#"): skipLine()
      case UInt8(ascii: "\t"), UInt8(ascii: "\r"): return false
      default:
        indent = offset - lineStart
        return true
      }
    }
    indent = -1
    return true
  }

  /// Whether an entry of a list begins here.
  private var isDash: Bool {
    peek() == UInt8(ascii: "-") && (peek(1) == UInt8(ascii: " ") || peek(1) == UInt8(ascii: "\n"))
  }
}

// MARK: Nodes

extension SubsetScanner {
  private mutating func append(_ record: Record) -> Bool {
    guard records.count < limits.nodes else { return false }
    if !records.isEmpty { records[parent].count += 1 }
    records.append(record)
    records[records.count - 1].next = UInt32(truncatingIfNeeded: records.count)
    lastEnd = record.range.end
    return true
  }

  private mutating func appendEmptyPlace(at position: SourcePosition) -> Bool {
    let range = SourceRange(start: position, end: position)
    return append(
      Record(
        range: range, textStart: UInt32(truncatingIfNeeded: text.count), count: 0, kind: .scalar, style: .plain))
  }

  /// Begins a collection.
  ///
  /// - Returns: The one it is in, to be given to ``close(_:)``; nil when there are too many.
  private mutating func open(
    _ kind: Document.Node.Kind, _ style: Document.Node.Style, at start: SourcePosition
  ) -> Int? {
    guard depth < min(limits.depth, Self.greatestDepth) else { return nil }
    let record = Record(range: SourceRange(start: start, end: start), count: 0, kind: kind, style: style)
    guard append(record) else { return nil }
    depth += 1
    defer { parent = records.count - 1 }
    return parent
  }

  /// Ends the innermost collection; false when keys of it are equal.
  private mutating func close(_ outer: Int) -> Bool {
    let index = parent
    records[index].next = UInt32(truncatingIfNeeded: records.count)
    records[index].range.end = lastEnd
    depth -= 1
    parent = outer
    return records[index].kind != .mapping || duplicates.find(in: index, of: records, text: text).isEmpty
  }
}

// MARK: Collections by indentation

// Each function goes from the first byte of what it reads to the content behind it, in a line below, or to the end.
extension SubsetScanner {
  /// A collection that begins at this line's content.
  private mutating func blockCollection() -> Bool {
    if isDash { return blockSequence(at: indent) }
    let column = indent
    guard let key = scalar(inFlow: false), isKey(key) else { return false }
    return blockMapping(at: column, key)
  }

  /// - Parameter isIndentless: whether it stands in the column of the mapping around it, which may go on behind it.
  private mutating func blockSequence(at column: Int, isIndentless: Bool = false) -> Bool {
    guard let outer = open(.sequence, .block, at: position) else { return false }
    repeat {
      offset += 1
      guard entry(of: column, position) else { return false }
    } while indent == column && isDash
    guard indent < column || indent == column && isIndentless else { return false }
    return close(outer)
  }

  /// What follows a dash, which ends at `start`.
  private mutating func entry(of column: Int, _ start: SourcePosition) -> Bool {
    if isAtEndOfLine() {
      guard endLine() else { return false }
      return indent > column ? blockCollection() : appendEmptyPlace(at: start)
    }
    // Only spaces and dashes stand before.
    let inner = offset - lineStart
    if isDash { return blockSequence(at: inner) }
    if isFlowCollection { return flowCollection() && endLine() }
    guard let scalar = scalar(inFlow: false) else { return false }
    if isKey(scalar) { return blockMapping(at: inner, scalar) }
    return append(scalar) && endLine()
  }

  /// From behind the colon of the first key on.
  private mutating func blockMapping(at column: Int, _ first: Record) -> Bool {
    guard let outer = open(.mapping, .block, at: first.range.start), append(first), value(of: column, position)
    else { return false }
    while indent == column {
      guard !isDash, let key = scalar(inFlow: false), isKey(key), append(key), value(of: column, position)
      else { return false }
    }
    return indent < column && close(outer)
  }

  /// What follows a colon, which ends at `start`.
  private mutating func value(of column: Int, _ start: SourcePosition) -> Bool {
    if isAtEndOfLine() {
      guard endLine() else { return false }
      if indent > column { return blockCollection() }
      if indent == column, isDash { return blockSequence(at: column, isIndentless: true) }
      return appendEmptyPlace(at: start)
    }
    if isFlowCollection { return flowCollection() && endLine() }
    guard let scalar = scalar(inFlow: false) else { return false }
    return append(scalar) && endLine()
  }

  /// Whether a scalar, behind which the next byte is, is a key; then its colon is skipped.
  private mutating func isKey(_ scalar: Record) -> Bool {
    skipSpaces()
    guard peek() == UInt8(ascii: ":"), peek(1) == UInt8(ascii: " ") || peek(1) == UInt8(ascii: "\n") else {
      return false
    }
    // YAML has no longer ones than 1,024 characters.
    guard position.column - scalar.range.start.column < 1000 else { return false }
    offset += 1
    return true
  }
}

// MARK: Collections in brackets

// Each function goes from the first byte of what it reads to the byte behind it.
extension SubsetScanner {
  private var isFlowCollection: Bool { peek() == UInt8(ascii: "[") || peek() == UInt8(ascii: "{") }

  private mutating func flowCollection() -> Bool {
    let isMapping = peek() == UInt8(ascii: "{")
    let closing = UInt8(ascii: isMapping ? "}" : "]")
    guard let outer = open(isMapping ? .mapping : .sequence, .flow, at: position) else { return false }
    offset += 1
    skipSpaces()
    while peek() != closing {
      if isMapping {
        guard let key = scalar(inFlow: true), isKey(key), append(key) else { return false }
        skipSpaces()
      }
      guard flowValue() else { return false }
      skipSpaces()
      if peek() == closing { break }
      guard peek() == UInt8(ascii: ",") else { return false }
      offset += 1
      skipSpaces()
    }
    offset += 1
    lastEnd = position
    return close(outer)
  }

  private mutating func flowValue() -> Bool {
    if isFlowCollection { return flowCollection() }
    guard let scalar = scalar(inFlow: true) else { return false }
    return append(scalar)
  }
}
