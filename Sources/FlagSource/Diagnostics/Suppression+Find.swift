internal import Glibc
package import YAML

extension Suppression {
  /// Finds the comments in the bytes of a file.
  ///
  /// - Parameter document: the file as read, which tells comments from text that looks like one.
  /// - Complexity: O(*n*) in the bytes; one search for `#` in a file that has no such comment.
  package static func find(in bytes: [UInt8], of file: FileReference, document: Document) -> [Suppression] {
    guard bytes.withUnsafeBytes(mayHold) else { return [] }
    var found: [Suppression] = []
    var waiting = 0
    var hasContent = false
    var number: UInt32 = 0
    for var line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
      if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
      let comment = comment(in: line, number: number, of: file, document: document)
      if isBlankOrComment(line) {
        guard var comment else { continue }
        if !hasContent { comment.lines = 1...number }
        found.append(comment)
      } else {
        for index in waiting..<found.count { found[index].lines = found[index].lines.lowerBound...number }
        if let comment { found.append(comment) }
        hasContent = true
        waiting = found.count
      }
    }
    return found
  }

  private static let marker = Array("ensign:".utf8)

  /// Whether a `#` is followed by the marker anywhere, be it in a comment or not.
  private static func mayHold(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return false }
    var rest = bytes[...]
    while let found = memchr(base + rest.startIndex, Int32(UInt8(ascii: "#")), rest.count) {
      rest = rest[(UnsafeRawPointer(found) - base + 1)...]
      if rest.drop(while: isBlank).starts(with: marker) { return true }
    }
    return false
  }

  private static func isBlankOrComment(_ line: ArraySlice<UInt8>) -> Bool {
    guard let first = line.first(where: { !isBlank($0) }) else { return true }
    return first == UInt8(ascii: "#")
  }

  /// The comment of one line, taken to hold for just that line.
  private static func comment(
    in line: ArraySlice<UInt8>, number: UInt32, of file: FileReference, document: Document
  ) -> Suppression? {
    var column: UInt32 = 0
    var previous = UInt8(ascii: " ")
    for (index, byte) in zip(line.indices, line) {
      if byte & 0xC0 != 0x80 { column += 1 }
      defer { previous = byte }
      guard byte == UInt8(ascii: "#"), isBlank(previous) else { continue }
      let start = SourcePosition(line: number, column: column)
      guard !document.isInsideScalar(start) else { continue }
      let text = line[(index + 1)...]
      guard text.drop(while: isBlank).starts(with: marker) else { return nil }
      return parse(text, at: start, of: file)
    }
    return nil
  }

  /// Reads what follows a `#`.
  private static func parse(_ text: ArraySlice<UInt8>, at start: SourcePosition, of file: FileReference) -> Suppression
  {
    func position(_ index: Int) -> SourcePosition {
      let scalars = text[..<index].count { $0 & 0xC0 != 0x80 }
      return SourcePosition(line: start.line, column: start.column + 1 + UInt32(scalars))
    }
    let end = text.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? text.startIndex
    var suppression = Suppression(
      file: file, range: SourceRange(start: start, end: position(end)), rules: [], reason: "",
      lines: start.line...start.line)
    var rest = text[..<end].drop(while: isBlank).dropFirst(marker.count).drop(while: isBlank)
    guard rest.prefix(while: { !isBlank($0) }).elementsEqual("allow".utf8) else { return suppression }
    rest = rest.dropFirst("allow".utf8.count)
    var hasMore = true
    while hasMore {
      rest = rest.drop(while: isBlank)
      let word = rest.prefix { !isBlank($0) && $0 != UInt8(ascii: ",") }
      guard !word.isEmpty else { break }
      let range = SourceRange(start: position(word.startIndex), end: position(word.endIndex))
      suppression.rules.append(Located(String(decoding: word, as: UTF8.self), at: range))
      rest = rest[word.endIndex...]
      let afterBlanks = rest.drop(while: isBlank)
      hasMore = afterBlanks.first == UInt8(ascii: ",")
      if hasMore { rest = afterBlanks.dropFirst() }
    }
    suppression.reason = String(decoding: rest.drop(while: isBlank), as: UTF8.self)
    return suppression
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
