/// A strict reader of RFC 8259 JSON, to I-JSON's rules (RFC 7493).
///
/// What other readers let pass and then understand differently is an error here: duplicate members, invalid UTF-8, lone
/// surrogates, a byte order mark, bytes after the value, numbers that no double can hold, more than 64 levels.
/// Integers of any length are read; as values they are exact up to 2^53 − 1 and the nearest double beyond.
package enum JSONReader {
  /// The deepest nesting of arrays and objects.
  package static let maximumDepth = 64

  /// Reads one document.
  ///
  /// The default limit on its size is that of a snapshot, 256 MiB.
  package static func read(_ bytes: [UInt8], maximumSize: Int = 256 << 20) throws(JSONError) -> JSONTape {
    let tokens = try bytes.withUnsafeBufferPointer { bytes throws(JSONError) in
      try Self.tokens(of: bytes, maximumSize: maximumSize)
    }
    return JSONTape(bytes: bytes, tokens: tokens)
  }

  /// The tokens of a document, as ``read(_:maximumSize:)`` makes them.
  ///
  /// - Parameter depth: how many arrays and objects there are around it, for what is a part of a larger document.
  static func tokens(
    of bytes: UnsafeBufferPointer<UInt8>, maximumSize: Int, depth: Int = 0
  ) throws(JSONError) -> [JSONTape.Token] {
    guard bytes.count <= min(maximumSize, JSONTape.Token.maximum) else {
      throw JSONError("the document has more than \(maximumSize) bytes", at: maximumSize, in: bytes)
    }
    var failure: JSONError?
    let capacity = Reader.capacity(for: bytes.count)
    let tokens = [JSONTape.Token](unsafeUninitializedCapacity: capacity) { tokens, count in
      adviseLargePages(UnsafeMutableRawBufferPointer(tokens))
      var reader = Reader(bytes, tokens)
      do throws(Failure) {
        try reader.readDocument(depth: depth)
      } catch {
        failure = JSONError(error.message, at: error.offset, in: bytes)
      }
      count = reader.count
    }
    if let failure { throw failure }
    return tokens
  }
}

/// A failure before its line and column are counted.
private struct Failure: Error {
  let message: String
  let offset: Int

  init(_ message: String, _ offset: Int) {
    self.message = message
    self.offset = offset
  }
}

private struct Reader {
  let bytes: UnsafeBufferPointer<UInt8>
  var position = 0
  /// Room for the tokens, and how many there are.
  private let tokens: UnsafeMutableBufferPointer<JSONTape.Token>
  private(set) var count = 0
  /// How many arrays and objects have begun.
  private var collections = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, _ tokens: UnsafeMutableBufferPointer<JSONTape.Token>) {
    self.bytes = bytes
    self.tokens = tokens
  }

  /// As many tokens as there can be: each takes a byte, and another one that separates or closes, but for what is open
  /// where an invalid document ends.
  ///
  /// Most documents have a third of that; what is not used of the room is never touched.
  static func capacity(for byteCount: Int) -> Int { byteCount / 2 + JSONReader.maximumDepth + 2 }

  @inline(__always)
  private mutating func append(_ token: JSONTape.Token) {
    precondition(count < tokens.count, "the capacity is that of the worst document")
    tokens.initializeElement(at: count, to: token)
    count &+= 1
  }

  mutating func readDocument(depth: Int) throws(Failure) {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { throw Failure("a byte order mark is not JSON", 0) }
    skipSpace()
    try readValue(depth: depth)
    skipSpace()
    guard position == bytes.count else { throw Failure("unexpected bytes after the document", position) }
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position &+= 1
      default: return
      }
    }
  }

  private mutating func readValue(depth: Int) throws(Failure) {
    guard position < bytes.count else { throw Failure("the document ends where a value is expected", position) }
    switch bytes[position] {
    case UInt8(ascii: "\""): _ = try readString()
    case UInt8(ascii: "{"): try readObject(depth: depth)
    case UInt8(ascii: "["): try readArray(depth: depth)
    case UInt8(ascii: "t"): try readWord("true", .yes)
    case UInt8(ascii: "f"): try readWord("false", .no)
    case UInt8(ascii: "n"): try readWord("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try readNumber()
    default: throw Failure("expected a value", position)
    }
  }

  private mutating func readWord(_ word: StaticString, _ kind: JSONTape.Kind) throws(Failure) {
    let length = word.utf8CodeUnitCount
    guard bytes.count - position >= length, bytes[position..<(position + length)].elementsEqual(word.utf8) else {
      throw Failure("expected a value", position)
    }
    append(JSONTape.Token(kind, offset: position))
    position += length
  }

  private mutating func readNumber() throws(Failure) {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    let firstDigit = position
    guard skipDigits() else { throw Failure("expected a digit", position) }
    guard bytes[firstDigit] != UInt8(ascii: "0") || position == firstDigit + 1 else {
      throw Failure("a number has no leading zero", firstDigit)
    }
    var kind = JSONTape.Kind.integer
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      kind = .number
      position += 1
      guard skipDigits() else { throw Failure("expected a digit after the decimal point", position) }
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      kind = .number
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
        position += 1
      }
      guard skipDigits() else { throw Failure("expected a digit in the exponent", position) }
    }
    // Fewer than 300 characters without an exponent cannot reach the largest double.
    if kind == .number || position - start > 300 {
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      guard Double(text)?.isFinite == true else { throw Failure("the number is too large for a double", start) }
    }
    append(JSONTape.Token(kind, offset: start, extent: position - start))
  }

  private mutating func skipDigits() -> Bool {
    let start = position
    while position < bytes.count, bytes[position].isDigit { position &+= 1 }
    return position > start
  }

  private mutating func readArray(depth: Int) throws(Failure) {
    guard depth < JSONReader.maximumDepth else {
      throw Failure("more than \(JSONReader.maximumDepth) levels of arrays and objects", position)
    }
    let start = position
    let index = count
    collections &+= 1
    let before = collections
    append(JSONTape.Token(.array, offset: start))
    position += 1
    skipSpace()
    if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
      position += 1
    } else {
      while true {
        skipSpace()
        try readValue(depth: depth + 1)
        if try endsCollection(with: UInt8(ascii: "]"), "expected “,” or “]”") { break }
      }
    }
    tokens[index] = JSONTape.Token(.array, offset: start, extent: count, isMarked: collections == before)
  }

  private mutating func readObject(depth: Int) throws(Failure) {
    guard depth < JSONReader.maximumDepth else {
      throw Failure("more than \(JSONReader.maximumDepth) levels of arrays and objects", position)
    }
    let start = position
    let index = count
    collections &+= 1
    let before = collections
    append(JSONTape.Token(.object, offset: start))
    position += 1
    skipSpace()
    if position < bytes.count, bytes[position] == UInt8(ascii: "}") {
      position += 1
    } else {
      // Keys that ascend, as a canonical writer leaves them, cannot repeat.
      var isAscending = true
      var previous: UnsafeBufferPointer<UInt8>?
      while true {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
          throw Failure("expected a member's name", position)
        }
        let key = try readString()
        let text = UnsafeBufferPointer(rebasing: bytes[key.offset..<(key.offset + key.extent)])
        if key.hasEscapes || previous.map({ !Self.ascends($0, text) }) == true { isAscending = false }
        previous = text
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else {
          throw Failure("expected “:” after the member's name", position)
        }
        position += 1
        skipSpace()
        try readValue(depth: depth + 1)
        if try endsCollection(with: UInt8(ascii: "}"), "expected “,” or “}”") { break }
      }
      if !isAscending { try refuseDuplicates(from: index + 1) }
    }
    tokens[index] = JSONTape.Token(.object, offset: start, extent: count, isMarked: collections == before)
  }

  private mutating func endsCollection(with closing: UInt8, _ expected: String) throws(Failure) -> Bool {
    skipSpace()
    guard position < bytes.count else { throw Failure(expected, position) }
    let byte = bytes[position]
    guard byte == closing || byte == UInt8(ascii: ",") else { throw Failure(expected, position) }
    position += 1
    return byte == closing
  }

  private static func ascends(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    let common = min(left.count, right.count)
    var index = 0
    while index < common {
      if left[index] != right[index] { return left[index] < right[index] }
      index &+= 1
    }
    return left.count < right.count
  }

  /// Looks for a repeated name among the members whose tokens begin at `first` and end with the last token.
  private func refuseDuplicates(from first: Int) throws(Failure) {
    // Arrays of bytes, not strings: Swift's strings are equal when they look equal, names are when they are the same.
    var names: Set<[UInt8]> = []
    var index = first
    while index < count {
      let key = tokens[index]
      var name: [UInt8] = []
      JSONTape.unescape(UnsafeBufferPointer(rebasing: bytes[key.offset..<(key.offset + key.extent)]), into: &name)
      guard names.insert(name).inserted else {
        throw Failure("the member “\(String(decoding: name, as: UTF8.self))” stands twice", key.offset - 1)
      }
      let value = tokens[index + 1]
      index = value.kind == .array || value.kind == .object ? value.extent : index + 2
    }
  }
}

// MARK: - Strings

extension Reader {
  private mutating func readString() throws(Failure) -> JSONTape.Token {
    let start = position + 1
    position = start
    var hasEscapes = false
    while true {
      skipPlain()
      guard position < bytes.count else { throw Failure("the string does not end", start - 1) }
      switch bytes[position] {
      case UInt8(ascii: "\""):
        let token = JSONTape.Token(.string, offset: start, extent: position - start, isMarked: hasEscapes)
        append(token)
        position += 1
        return token
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try readEscape()
      case ..<0x20: throw Failure("a control character in a string is written as an escape", position)
      case ..<0x80: position &+= 1
      default: try readMultibyte()
      }
    }
  }

  /// Skips eight bytes at a time, while all are printable ASCII and neither a quotation mark nor a backslash.
  private mutating func skipPlain() {
    guard let base = UnsafeRawPointer(bytes.baseAddress) else { return }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    while position &+ 8 <= bytes.count {
      let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let quote = word ^ (ones &* 0x22)
      let backslash = word ^ (ones &* 0x5c)
      let control = word &- ones &* 0x20
      // A byte's high bit is set where it is below 0x20, equals one of the two (then the subtraction borrows) or is not
      // ASCII. A borrow may mark a byte above the first one wrongly, never one below it.
      let marks = (control | (quote &- ones) | (backslash &- ones) | word) & highs
      if marks != 0 {
        position &+= marks.trailingZeroBitCount >> 3
        return
      }
      position &+= 8
    }
  }

  private mutating func readEscape() throws(Failure) {
    guard position + 1 < bytes.count else { throw Failure("the string does not end", position) }
    switch bytes[position + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    case UInt8(ascii: "u"):
      let unit = try readUnit()
      if unit & 0xfc00 == 0xdc00 { throw Failure("a surrogate without its other half", position - 6) }
      if unit & 0xfc00 == 0xd800 {
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
          bytes[position + 1] == UInt8(ascii: "u")
        else { throw Failure("a surrogate without its other half", position - 6) }
        guard try readUnit() & 0xfc00 == 0xdc00 else {
          throw Failure("a surrogate without its other half", position - 12)
        }
      }
    default: throw Failure("unknown escape", position)
    }
  }

  private mutating func readUnit() throws(Failure) -> UInt16 {
    guard position + 6 <= bytes.count else { throw Failure("expected four hexadecimal digits after \\u", position) }
    var unit: UInt16 = 0
    for byte in bytes[(position + 2)..<(position + 6)] {
      guard let digit = byte.hexadecimalValue else {
        throw Failure("expected four hexadecimal digits after \\u", position)
      }
      unit = unit << 4 | UInt16(digit)
    }
    position += 6
    return unit
  }

  /// Checks one scalar of two to four bytes, by the table of the Unicode standard (3-7).
  private mutating func readMultibyte() throws(Failure) {
    let lead = bytes[position]
    let length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    guard (0xc2...0xf4).contains(lead), position + length <= bytes.count else {
      throw Failure("invalid UTF-8", position)
    }
    let second: ClosedRange<UInt8> =
      switch lead {
      case 0xe0: 0xa0...0xbf
      case 0xed: 0x80...0x9f
      case 0xf0: 0x90...0xbf
      case 0xf4: 0x80...0x8f
      default: 0x80...0xbf
      }
    guard second.contains(bytes[position + 1]) else { throw Failure("invalid UTF-8", position) }
    for offset in 2..<max(length, 2) where bytes[position + offset] & 0xc0 != 0x80 {
      throw Failure("invalid UTF-8", position)
    }
    position += length
  }
}

extension StaticString {
  fileprivate var utf8: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
  }
}
