extension SourceText {
  /// The first byte or character that no YAML file may have, or nil.
  ///
  /// libyaml would refuse most of these too, but with a place counted in bytes or none at all. What it takes for line
  /// breaks and editors do not (a lone carriage return, U+0085, U+2028, U+2029) is refused everywhere, in quotes too:
  /// every later line number would be wrong, and a comment could end in the middle of a line. In quotes these
  /// characters have escapes.
  ///
  /// - Complexity: O(*n*); eight bytes at a time where the text is ASCII.
  func firstUnacceptable() -> YAMLError? {
    if unsafe bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return error(.invalidUTF8, "the file is encoded in UTF-16", at: 0, help: "save it as UTF-8")
    }
    var offset = 0
    while offset < count {
      offset = skipPrintableASCII(from: offset)
      guard offset < count else { break }
      switch self[offset] {
      case UInt8(ascii: "\n"), UInt8(ascii: "\t"), 0x20...0x7E: offset += 1
      case UInt8(ascii: "\r") where offset + 1 < count && self[offset + 1] == UInt8(ascii: "\n"):
        offset += 2
      case 0x80...:
        guard let (scalar, width) = decode(at: offset) else { return invalid(at: offset) }
        if isRefused(scalar) { return control(scalar, at: offset) }
        offset += width
      case let byte: return control(UInt32(byte), at: offset)
      }
    }
    return nil
  }

  /// The offset, from `start`, of a byte that may be anything but a printable ASCII character or a line feed in its
  /// stretch of eight, or of the last seven bytes.
  private func skipPrintableASCII(from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let lows = ones &* 0x7F
    var offset = start
    while offset + 8 <= count {
      let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      // Line feeds become '*', a printable character. Then the high bit is set in every byte below 0x20 or above 0x7E.
      let feeds = word ^ (ones &* UInt64(UInt8(ascii: "\n")))
      let isFeed = ~(((feeds & lows) &+ lows) | feeds | lows)
      let text = word | isFeed >> 2
      if (text | (text &- ones &* 0x20) | (text &+ ones)) & ~lows != 0 { return offset }
      offset += 8
    }
    return offset
  }

  /// The character at `offset` and its bytes, or nil when they are not well-formed UTF-8 (RFC 3629).
  private func decode(at offset: Int) -> (scalar: UInt32, width: Int)? {
    let first = self[offset]
    let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard (0xC2...0xF4).contains(first), offset + width <= count else { return nil }
    var scalar = UInt32(first) & (0x7F >> UInt32(width))
    for byte in (offset + 1..<offset + width).lazy.map({ self[$0] }) {
      guard byte & 0xC0 == 0x80 else { return nil }
      scalar = scalar << 6 | UInt32(byte & 0x3F)
    }
    let least: UInt32 = width == 4 ? 0x10000 : width == 3 ? 0x800 : 0x80
    guard scalar >= least, UnicodeScalar(scalar) != nil else { return nil }
    return (scalar, width)
  }

  /// Whether a character beyond ASCII is no printable character of YAML, a line break of YAML 1.1 or a byte order mark.
  private func isRefused(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }

  private func invalid(at offset: Int) -> YAMLError {
    let byte = hexadecimal(UInt32(self[offset]), digits: 2)
    return error(.invalidUTF8, "the byte 0x\(byte) is not UTF-8 here", at: offset, help: "save the file as UTF-8")
  }

  private func control(_ scalar: UInt32, at offset: Int) -> YAMLError {
    let name = "U+" + hexadecimal(scalar, digits: 4)
    switch scalar {
    case 0:
      return error(
        .nul, "the file has a NUL byte", at: offset,
        help: "remove it, or save the file as UTF-8 if it is encoded in UTF-16")
    case 0x0D:
      return error(
        .controlCharacter, "a carriage return without a line feed", at: offset,
        help: "end lines with a line feed, or with both")
    case 0x85, 0x2028, 0x2029:
      return error(
        .controlCharacter, "the character \(name) would end the line for some readers of YAML only", at: offset,
        help: "remove it, or write \\u\(hexadecimal(scalar, digits: 4)) in double quotes")
    case 0xFEFF:
      return error(
        .controlCharacter, "a byte order mark (\(name)) inside the file", at: offset,
        help: "remove it: it can stand at the start of the file only")
    default:
      return error(
        .controlCharacter, "the control character \(name) is not allowed", at: offset,
        help: "remove it, or write \\u\(hexadecimal(scalar, digits: 4)) in double quotes")
    }
  }

  private func error(_ code: YAMLError.Code, _ message: String, at offset: Int, help: String) -> YAMLError {
    let start = position(at: offset)
    let end = SourcePosition(line: start.line, column: start.column + 1)
    return YAMLError(code, message, at: SourceRange(start: start, end: end), help: help)
  }
}

/// `value` in upper case hexadecimal with at least this many digits.
private func hexadecimal(_ value: UInt32, digits: Int) -> String {
  let text = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
