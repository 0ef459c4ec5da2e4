internal import CYAML

/// Turns libyaml's events into the records of a document, and finds what is YAML but not allowed.
@safe struct TreeBuilder {
  private var source: SourceText
  private let limits: Limits
  private var records: [Record] = []
  private var text: [UInt8] = []
  /// The collections that are not closed yet, outermost first.
  private var open: [Int] = []
  /// Where the last scalar or closed collection ended.
  private var lastEnd = SourcePosition(line: 1, column: 1)
  private var errors: [YAMLError] = []
  private var hasDocument = false
  /// Whether the records are the whole tree as written, so far.
  private var isFaithful = true
  private var goesOn = true
  private var duplicates = DuplicateKeys()

  /// More errors than these help nobody.
  private static let greatestNumberOfErrors = 100

  init(source: SourceText, limits: Limits) {
    self.source = source
    self.limits = limits
    // A node takes about six bytes in files that people write.
    records.reserveCapacity(min(source.count / 5 + 1, limits.nodes))
    text.reserveCapacity(source.count)
  }

  /// The document, if its tree is complete, and the errors in the order of the text.
  consuming func finish() -> (document: Document?, errors: [YAMLError]) {
    errors.sort { $0.range.start < $1.range.start }
    return (hasDocument && isFaithful ? Document(records: records, text: text) : nil, errors)
  }

  /// Takes one event and returns whether there is more to read.
  mutating func take(_ event: UnsafePointer<yaml_event_t>) -> Bool {
    let range = unsafe SourceRange(
      start: SourcePosition(event.pointee.start_mark), end: SourcePosition(event.pointee.end_mark))
    switch unsafe event.pointee.type {
    case YAML_SCALAR_EVENT:
      unsafe takeScalar(event, at: range)
    case YAML_MAPPING_START_EVENT:
      let start = unsafe event.pointee.data.mapping_start
      unsafe checkProperties(anchor: start.anchor, tag: start.tag, at: range)
      openCollection(.mapping, unsafe start.style == YAML_FLOW_MAPPING_STYLE ? .flow : .block, at: range)
    case YAML_SEQUENCE_START_EVENT:
      let start = unsafe event.pointee.data.sequence_start
      unsafe checkProperties(anchor: start.anchor, tag: start.tag, at: range)
      openCollection(.sequence, unsafe start.style == YAML_FLOW_SEQUENCE_STYLE ? .flow : .block, at: range)
    case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT:
      closeCollection(at: range)
    case YAML_ALIAS_EVENT:
      takeAlias(at: range)
    case YAML_DOCUMENT_START_EVENT:
      let start = unsafe event.pointee.data.document_start
      let hasTags = unsafe start.tag_directives.start != start.tag_directives.end
      unsafe startDocument(hasDirective: start.version_directive != nil || hasTags, at: range)
    case YAML_DOCUMENT_END_EVENT:
      endDocument()
    case YAML_STREAM_END_EVENT:
      if !hasDocument { report(.empty) }
      goesOn = false
    default:
      break  // The start of the stream.
    }
    return goesOn
  }

  /// Takes the error that ended the parser.
  mutating func fail(_ failure: EventParser.Failure) {
    isFaithful = false
    report(failure.isOutOfMemory ? .outOfMemory : .syntax(failure, in: &source))
  }

  private mutating func report(_ error: YAMLError) {
    errors.append(error)
    if errors.count >= Self.greatestNumberOfErrors { stop() }
  }

  /// Ends the reading of a tree that is not whole.
  private mutating func stop() {
    isFaithful = false
    goesOn = false
  }
}

// MARK: Documents

extension TreeBuilder {
  private mutating func startDocument(hasDirective: Bool, at range: SourceRange) {
    if hasDocument {
      report(.multipleDocuments(at: source.word(at: range.start)))
      goesOn = false
    } else if hasDirective {
      report(.directive(at: source.word(at: range.start)))
    }
  }

  private mutating func endDocument() {
    hasDocument = true
    // `---` and nothing below it.
    guard records.count == 1, let root = records.first, root.isEmptyPlace else { return }
    isFaithful = false
    if errors.isEmpty { report(.empty) }
  }
}

// MARK: Nodes

extension TreeBuilder {
  private mutating func takeScalar(_ event: UnsafePointer<yaml_event_t>, at range: SourceRange) {
    let scalar = unsafe event.pointee.data.scalar
    unsafe checkProperties(anchor: scalar.anchor, tag: scalar.tag, at: range)
    var record = unsafe Record(
      range: range, textStart: UInt32(truncatingIfNeeded: text.count),
      count: UInt32(truncatingIfNeeded: scalar.length), kind: .scalar, style: .init(scalar.style))
    if record.style == .literal || record.style == .folded {
      record.range.end = endOfBlockScalar(range)
    } else if record.isEmptyPlace, range.start == range.end, range.start.line > lastEnd.line, isValueInMapping {
      // libyaml places a value that is left out before the next token, maybe lines below.
      record.range = SourceRange(start: lastEnd, end: lastEnd)
    }
    lastEnd = record.range.end
    unsafe text.append(contentsOf: UnsafeBufferPointer(start: scalar.value, count: scalar.length))
    append(record)
  }

  private mutating func openCollection(_ kind: Document.Node.Kind, _ style: Document.Node.Style, at range: SourceRange)
  {
    let index = records.count
    append(Record(range: range, count: 0, kind: kind, style: style))
    guard goesOn else { return }
    open.append(index)
    if open.count > limits.depth {
      report(.tooDeep(limit: limits.depth, at: source.word(at: range.start)))
      stop()
    }
  }

  private mutating func closeCollection(at range: SourceRange) {
    guard let index = open.popLast() else { return }
    records[index].next = UInt32(truncatingIfNeeded: records.count)
    // Only brackets and braces have an end of their own: a block, and a single pair in brackets, ends where libyaml
    // met the next token. Take the end of the last child instead.
    if records[index].style == .flow, range.start != range.end { lastEnd = range.end }
    records[index].range.end = lastEnd
    guard records[index].kind == .mapping else { return }
    for pair in duplicates.find(in: index, of: records, text: text) {
      report(.duplicateKey(textOfKey(pair.second), at: records[pair.second].range, first: records[pair.first].range))
    }
  }

  private mutating func takeAlias(at range: SourceRange) {
    isFaithful = false
    report(.alias(at: range))
    lastEnd = range.end
    append(Record(range: range, count: 0, kind: .scalar, style: .plain))
  }

  private mutating func append(_ record: Record) {
    if record.kind != .scalar, isKeyInMapping {
      report(.collectionKey(at: source.word(at: record.range.start)))
      isFaithful = false
    }
    if let parent = open.last { records[parent].count += 1 }
    records.append(record)
    let end = records.count
    records[end - 1].next = UInt32(truncatingIfNeeded: end)
    if end > limits.nodes {
      report(.tooManyNodes(limit: limits.nodes, at: source.word(at: record.range.start)))
      stop()
    }
  }

  /// Whether the next node is a key of a mapping: keys and values take turns.
  private var isKeyInMapping: Bool {
    guard let parent = open.last else { return false }
    return records[parent].kind == .mapping && records[parent].count % 2 == 0
  }

  private var isValueInMapping: Bool {
    guard let parent = open.last else { return false }
    return records[parent].kind == .mapping && records[parent].count % 2 == 1
  }

  private mutating func checkProperties(
    anchor: UnsafePointer<UInt8>?, tag: UnsafePointer<UInt8>?, at range: SourceRange
  ) {
    if unsafe anchor != nil { report(.anchor(at: source.property(UInt8(ascii: "&"), at: range.start))) }
    if unsafe tag != nil { report(.tag(at: source.property(UInt8(ascii: "!"), at: range.start))) }
  }

  private func textOfKey(_ index: Int) -> String {
    let start = Int(records[index].textStart)
    return String(decoding: text[start..<start + Int(records[index].count)], as: UTF8.self)
  }

  /// libyaml's mark of a block scalar's end lies behind the empty lines that follow it.
  private mutating func endOfBlockScalar(_ range: SourceRange) -> SourcePosition {
    var line = range.end.line
    while line > range.start.line {
      if let end = source.endOfText(inLine: line), line < range.end.line || end <= range.end { return end }
      line -= 1
    }
    // No text at all: the range is the indicator, `|` or `>` with what belongs to it.
    return source.word(at: range.start).end
  }
}

extension Document.Node.Style {
  fileprivate init(_ style: yaml_scalar_style_t) {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: self = .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: self = .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: self = .literal
    case YAML_FOLDED_SCALAR_STYLE: self = .folded
    default: self = .plain
    }
  }
}
