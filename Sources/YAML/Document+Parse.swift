internal import CYAML

extension Document {
  /// Reads a YAML file of one document.
  ///
  /// The bytes must be UTF-8, with or without a byte order mark; lines may end with LF or CRLF. What the flag language
  /// has no use for and people trip over is an error: anchors, aliases, tags, directives, several documents, equal
  /// keys. `<<` is a key like any other.
  ///
  /// - Parameters:
  ///   - limits: how much the file may ask for.
  ///   - reader: what reads it; nothing but the time depends on that.
  /// - Returns: the document, unless the tree could not be built, and every error that could be found, in the order of
  ///   the text. There is a document beside errors that leave the tree as written: equal keys, anchors, tags,
  ///   directives, a second document (which is not read). After 100 errors reading ends.
  /// - Complexity: O(*n*) in the bytes and in ``Limits/depth``; never deeper recursion than a constant.
  public static func parse(
    _ bytes: UnsafeRawBufferPointer, limits: Limits = Limits(), by reader: Reader = .fastest
  ) -> (document: Document?, errors: [YAMLError]) {
    guard bytes.count <= limits.bytes else {
      return (nil, [.tooLarge(bytes.count, limit: limits.bytes)])
    }
    let source = unsafe SourceText(bytes)
    if let error = source.firstUnacceptable() { return (nil, [error]) }
    if reader == .fastest, let document = SubsetScanner(source, limits: limits).document() { return (document, []) }
    guard let parser = unsafe EventParser(source.bytes) else { return (nil, [.outOfMemory]) }
    var builder = TreeBuilder(source: source, limits: limits)
    var goesOn = true
    while goesOn {
      guard parser.next() else {
        builder.fail(parser.failure)
        break
      }
      goesOn = unsafe builder.take(parser.event)
    }
    return builder.finish()
  }

  /// Reads a YAML file of one document; see ``parse(_:limits:by:)-(UnsafeRawBufferPointer,_,_)``.
  public static func parse(
    _ bytes: [UInt8], limits: Limits = Limits(), by reader: Reader = .fastest
  ) -> (document: Document?, errors: [YAMLError]) {
    unsafe bytes.withUnsafeBytes { unsafe parse($0, limits: limits, by: reader) }
  }

  /// What can read a file.
  public enum Reader: Sendable {
    /// A scanner of the forms that people write most, and libyaml for everything else and for whatever has a mistake.
    case fastest
    /// libyaml alone: the reference for the scanner.
    case libyaml
  }
}
