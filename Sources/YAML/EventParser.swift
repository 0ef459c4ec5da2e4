internal import CYAML

/// Owns one libyaml parser over a text that outlives it, and the event it read last.
///
/// Both lie on the heap, because a `yaml_parser_t` points into itself.
@safe struct EventParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  /// The event that ``next()`` read.
  let event: UnsafeMutablePointer<yaml_event_t>

  /// A parser of UTF-8 without a byte order mark, or nil when there is no memory.
  init?(_ bytes: UnsafeRawBufferPointer) {
    unsafe parser = .allocate(capacity: 1)
    unsafe event = .allocate(capacity: 1)
    unsafe event.initialize(to: yaml_event_t())
    guard unsafe yaml_parser_initialize(parser) == 1 else {
      unsafe parser.deallocate()
      unsafe event.deallocate()
      return nil
    }
    unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    unsafe yaml_parser_set_input_string(parser, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count)
  }

  deinit {
    unsafe yaml_event_delete(event)
    unsafe yaml_parser_delete(parser)
    unsafe event.deallocate()
    unsafe parser.deallocate()
  }

  /// Reads the next event in place of the one before; false when the text is no YAML.
  func next() -> Bool {
    unsafe yaml_event_delete(event)
    return unsafe yaml_parser_parse(parser, event) == 1
  }

  /// Why ``next()`` returned false.
  var failure: Failure {
    let parser = unsafe self.parser.pointee
    return unsafe Failure(
      isOutOfMemory: parser.error == YAML_MEMORY_ERROR,
      problem: parser.problem.map { unsafe String(cString: $0) } ?? "the text is not YAML",
      place: SourcePosition(parser.problem_mark),
      context: parser.context.map { unsafe String(cString: $0) },
      contextPlace: SourcePosition(parser.context_mark))
  }

  /// libyaml's account of a syntax error, in its own words.
  struct Failure {
    var isOutOfMemory: Bool
    var problem: String
    var place: SourcePosition
    /// What was being read, such as `while parsing a block mapping`.
    var context: String?
    /// Where that began.
    var contextPlace: SourcePosition
  }
}

extension SourcePosition {
  /// libyaml counts from 0, in Unicode scalars.
  init(_ mark: yaml_mark_t) {
    self.init(line: UInt32(truncatingIfNeeded: mark.line) + 1, column: UInt32(truncatingIfNeeded: mark.column) + 1)
  }
}
