internal import Glibc
package import YAML

/// A comment that silences findings of one rule: `# ensign: allow W014 the audit needs the key`.
///
/// Behind something on its line it covers that line; alone on its line it covers the first line below that is neither
/// empty nor a comment, and the whole file's findings (which stand at 1:1) when nothing but comments comes before it.
package struct Suppression: Sendable {
  package var file: FileReference
  /// The code or name of a rule as written; nil when the comment is not of the form above.
  package var rule: Located<String>?
  /// Why; empty when the author does not say.
  package var reason: String
  /// From the `#` to the last character of the line.
  package var range: SourceRange
  /// The line whose findings are silenced.
  package var line: UInt32
  /// True when findings at the file's first line are silenced too.
  package var coversFile: Bool

  /// Finds the comments in the bytes of a file.
  ///
  /// - Parameter document: the file as read, which tells comments from text that looks like one; nil when it could not
  ///   be read, and then there are none.
  /// - Complexity: O(*n*) in the bytes, and one search for a mark in a file that has none.
  package static func find(in bytes: [UInt8], of file: FileReference, document: Document?) -> [Suppression] {
    guard let document, containsComment(of: marker, in: bytes) else { return [] }
    var found: [Suppression] = []
    var waiting = 0
    var hasContent = false
    var number: UInt32 = 0
    for var line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
      if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
      let comment = Self.comment(in: line, number: number, of: file, document: document)
      if isBlankOrComment(line) {
        guard var comment else { continue }
        comment.coversFile = !hasContent
        found.append(comment)
      } else {
        for index in waiting..<found.count { found[index].line = number }
        if let comment { found.append(comment) }
        hasContent = true
        waiting = found.count
      }
    }
    return found
  }

  private static let marker = Array("ensign:".utf8)

  /// True when the word follows a `#`, with or without blanks between.
  private static func containsComment(of word: [UInt8], in bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while let base = bytes.baseAddress, !rest.isEmpty,
        let mark = memchr(base + rest.startIndex, Int32(UInt8(ascii: "#")), rest.count)
      {
        rest = rest[(mark - UnsafeMutableRawPointer(mutating: base) + 1)...]
        if rest.drop(while: isBlank).starts(with: word) { return true }
      }
      return false
    }
  }

  private static func isBlankOrComment(_ line: ArraySlice<UInt8>) -> Bool {
    guard let first = line.first(where: { !isBlank($0) }) else { return true }
    return first == UInt8(ascii: "#")
  }

  /// The comment of one line, taken to cover just that line.
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
      file: file, rule: nil, reason: "", range: SourceRange(start: start, end: position(end)), line: start.line,
      coversFile: start.line == 1)
    let afterMarker = text[..<end].drop(while: isBlank).dropFirst(marker.count)
    let words = afterMarker.split(maxSplits: 2, whereSeparator: isBlank)
    guard words.count >= 2, words[0].elementsEqual("allow".utf8) else { return suppression }
    let code = words[1]
    suppression.rule = Located(
      String(decoding: code, as: UTF8.self),
      at: SourceRange(start: position(code.startIndex), end: position(code.endIndex)))
    if words.count > 2 { suppression.reason = String(decoding: words[2].drop(while: isBlank), as: UTF8.self) }
    return suppression
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
