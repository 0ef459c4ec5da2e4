/// The bytes of a file with the places of its lines and characters, so that finding a place takes no walk through the
/// file: a line of a megabyte may have as many findings as it has commas.
package struct EditableText: Sendable {
  package let bytes: [UInt8]
  /// The offset of every line; a byte order mark belongs to no line.
  private let lines: [Int]
  /// How many characters begin before every 256th byte.
  private let charactersBefore: [Int]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var lines = [bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0]
    var charactersBefore: [Int] = []
    var characters = 0
    for (offset, byte) in bytes.enumerated() {
      if offset % 256 == 0 { charactersBefore.append(characters) }
      if byte & 0xC0 != 0x80 { characters += 1 }
      if byte == UInt8(ascii: "\n") { lines.append(offset + 1) }
    }
    self.lines = lines
    charactersBefore.append(characters)
    self.charactersBefore = charactersBefore
  }

  /// Some characters of a line.
  package struct Characters {
    package var characters: [Unicode.Scalar]
    /// The column of the first one.
    package var first: Int
    /// True when the line has characters before them.
    package var isCutBefore: Bool
    /// True when the line has characters after them.
    package var isCutAfter: Bool
  }

  /// The characters of a line from one column up to, and without, another; nil when there is no such line.
  ///
  /// - Complexity: O(log *n*) and the number of characters.
  package func characters(inLine number: UInt32, from first: Int, to end: Int) -> Characters? {
    guard number >= 1, number <= lines.count else { return nil }
    let start = lines[Int(number) - 1]
    var lineEnd = endOfLine(Int(number) - 1)
    if lineEnd > start, bytes[lineEnd - 1] == UInt8(ascii: "\r") { lineEnd -= 1 }
    let rank = rank(start)
    let lower = min(offset(ofCharacter: rank + first - 1), lineEnd)
    let upper = min(offset(ofCharacter: rank + end - 1), lineEnd)
    return Characters(
      characters: Array(String(decoding: bytes[lower..<upper], as: UTF8.self).unicodeScalars), first: first,
      isCutBefore: lower > start, isCutAfter: upper < lineEnd)
  }

  private func endOfLine(_ index: Int) -> Int { index + 1 < lines.count ? lines[index + 1] - 1 : bytes.count }

  /// How many characters begin before a byte.
  private func rank(_ offset: Int) -> Int {
    let block = offset / 256
    return charactersBefore[block] + bytes[(block * 256)..<offset].count { $0 & 0xC0 != 0x80 }
  }

  /// The byte at which the character of that number begins, or the end of the text.
  private func offset(ofCharacter number: Int) -> Int {
    var low = 0
    var high = charactersBefore.count
    while low < high {
      let middle = (low + high) / 2
      if charactersBefore[middle] <= number { low = middle + 1 } else { high = middle }
    }
    let block = max(low - 1, 0)
    var characters = charactersBefore[block]
    var offset = min(block * 256, bytes.count)
    while offset < bytes.count {
      if bytes[offset] & 0xC0 != 0x80 {
        if characters == number { return offset }
        characters += 1
      }
      offset += 1
    }
    return offset
  }

  /// The bytes of a range of characters; nil when the text has no such place.
  package func offsets(of range: SourceRange) -> Range<Int>? {
    guard let start = offset(of: range.start), let end = offset(of: range.end), start <= end else { return nil }
    return start..<end
  }

  private func offset(of position: SourcePosition) -> Int? {
    guard position.line >= 1, position.line <= lines.count, position.column >= 1 else { return nil }
    let start = lines[Int(position.line) - 1]
    let offset = offset(ofCharacter: rank(start) + Int(position.column) - 1)
    return offset <= endOfLine(Int(position.line) - 1) ? offset : nil
  }

  /// The range of characters of some bytes.
  package func range(of offsets: Range<Int>) -> SourceRange {
    SourceRange(start: position(of: offsets.lowerBound), end: position(of: offsets.upperBound))
  }

  private func position(of offset: Int) -> SourcePosition {
    var low = 0
    var high = lines.count
    while low < high {
      let middle = (low + high) / 2
      if lines[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    let start = lines[max(low - 1, 0)]
    return SourcePosition(line: UInt32(max(low, 1)), column: UInt32(max(rank(offset) - rank(start), 0) + 1))
  }

  // MARK: Looking around

  /// Where the line of a byte begins.
  package func startOfLine(at offset: Int) -> Int {
    let start = bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    return max(start, lines[0])
  }

  /// The line feed that ends the line of a byte, or the end of the text.
  package func endOfLine(from offset: Int) -> Int { bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count }

  /// The first byte from `offset` on that is no space.
  package func skipSpaces(from offset: Int) -> Int {
    bytes[offset...].firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") } ?? bytes.count
  }

  /// The last byte before `offset` that is neither a space nor a line's end.
  package func lastNonBlank(before offset: Int) -> Int? { bytes[..<offset].lastIndex { !Self.isBlank($0) } }

  /// The first byte from `offset` on that is neither a space nor a line's end.
  package func firstNonBlank(from offset: Int) -> Int? { bytes[offset...].firstIndex { !Self.isBlank($0) } }

  /// The indentation of the next line from `offset`, the start of one, that is neither empty nor a comment; 0 at the end.
  package func indentationOfNextContent(from offset: Int) -> Int {
    var start = offset
    while start < bytes.count {
      let first = skipSpaces(from: start)
      let end = endOfLine(from: start)
      if first < end, bytes[first] != UInt8(ascii: "#"), bytes[first] != UInt8(ascii: "\r") { return first - start }
      start = end + 1
    }
    return 0
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}
