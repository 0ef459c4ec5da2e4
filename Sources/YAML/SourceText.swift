internal import Glibc

/// The bytes of a file without its byte order mark, and where its lines begin.
@safe struct SourceText {
  let bytes: UnsafeRawBufferPointer
  /// The offset of every line; empty until somebody asks, which few files make necessary.
  private var lineStarts: [Int] = []

  /// The text in `bytes`, which must outlive it.
  init(_ bytes: UnsafeRawBufferPointer) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    unsafe self.bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(bytes.starts(with: mark) ? 3 : 0))
  }

  /// The number of bytes.
  var count: Int { unsafe bytes.count }

  /// The byte at `offset`, which is at least 0 and below ``count``.
  subscript(offset: Int) -> UInt8 { unsafe bytes[offset] }

  /// The place of the byte at `offset`.
  ///
  /// - Complexity: O(*n*) in `offset`.
  func position(at offset: Int) -> SourcePosition {
    var position = SourcePosition(line: 1, column: 1)
    for byte in (0..<offset).lazy.map({ self[$0] }) {
      if byte == UInt8(ascii: "\n") {
        position = SourcePosition(line: position.line + 1, column: 1)
      } else if !isContinuation(byte) {
        position.column += 1
      }
    }
    return position
  }

  /// The bytes of `line` (from 1) without its line break; empty after the last line.
  mutating func line(_ line: UInt32) -> Range<Int> {
    if lineStarts.isEmpty { findLines() }
    let index = Int(line) - 1
    guard index < lineStarts.count else { return count..<count }
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : count
    if end > start, self[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return start..<end
  }

  /// The offset of the byte at `position`, at most the end of its line.
  mutating func offset(of position: SourcePosition) -> Int {
    let line = line(position.line)
    var column: UInt32 = 1
    for offset in line where !isContinuation(self[offset]) {
      if column == position.column { return offset }
      column += 1
    }
    return line.upperBound
  }

  /// The place after the last character of `line` that is no white space, or nil when there is none.
  mutating func endOfText(inLine number: UInt32) -> SourcePosition? {
    let line = line(number)
    guard let last = line.last(where: { self[$0] != UInt8(ascii: " ") && self[$0] != UInt8(ascii: "\t") })
    else { return nil }
    let scalars = (line.lowerBound...last).count { !isContinuation(self[$0]) }
    return SourcePosition(line: number, column: UInt32(scalars) + 1)
  }

  /// `position`, or the end of the file when it lies behind that: libyaml begins a line there that is not in the file.
  mutating func clamped(_ position: SourcePosition) -> SourcePosition {
    if lineStarts.isEmpty { findLines() }
    guard position.line > lineStarts.count else { return position }
    let scalars = line(UInt32(lineStarts.count)).count { !isContinuation(self[$0]) }
    return SourcePosition(line: UInt32(lineStarts.count), column: UInt32(scalars) + 1)
  }

  /// The range of the character at `position`; empty at the end of a line.
  mutating func character(at position: SourcePosition) -> SourceRange {
    let position = clamped(position)
    let start = offset(of: position)
    let isInLine = start < line(position.line).upperBound
    let end = SourcePosition(line: position.line, column: position.column + (isInLine ? 1 : 0))
    return SourceRange(start: position, end: end)
  }

  /// The range from `position` up to the next white space, comma, bracket or brace, and at least one character.
  mutating func word(at position: SourcePosition) -> SourceRange {
    let start = offset(of: position)
    let end = line(position.line).upperBound
    let delimiters = Array(" \t,[]{}".utf8)
    guard start < end else { return SourceRange(start: position, end: position) }
    let isBracket = delimiters.contains(self[start])
    let word = (start..<end).dropFirst().prefix { !isBracket && !delimiters.contains(self[$0]) }
    let scalars = word.count { !isContinuation(self[$0]) }
    let column = position.column + 1 + UInt32(scalars)
    return SourceRange(start: position, end: SourcePosition(line: position.line, column: column))
  }

  /// The range of the anchor or tag that begins with `indicator`, of a node that begins at `position`.
  ///
  /// A node may have one of each, in either order. Where a comment stands between the two, it is the first one's range.
  mutating func property(_ indicator: UInt8, at position: SourcePosition) -> SourceRange {
    let first = word(at: position)
    let start = offset(of: position)
    guard start < count, self[start] != indicator else { return first }
    let rest = offset(of: first.end)..<count
    let blanks: [UInt8] = Array(" \t\r\n".utf8)
    guard let second = rest.first(where: { !blanks.contains(self[$0]) }), self[second] == indicator else {
      return first
    }
    return word(at: self.position(at: second))
  }

  private mutating func findLines() {
    lineStarts = [0]
    guard let base = unsafe bytes.baseAddress else { return }
    var start = 0
    while let found = unsafe memchr(base + start, Int32(UInt8(ascii: "\n")), count - start) {
      start = unsafe UnsafeRawPointer(found) - base + 1
      lineStarts.append(start)
    }
  }
}

/// Whether a byte of UTF-8 goes on with a character that began before it.
private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
