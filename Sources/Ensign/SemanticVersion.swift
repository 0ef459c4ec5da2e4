/// A version after SemVer 2.0, such as `2.1.0-beta.3`.
///
/// Build metadata is read and forgotten: it counts neither in the order nor in equality. Identifiers may be of any
/// length; numbers are compared as digits, so nothing overflows.
package struct SemanticVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
  /// The canonical text: what was read, without build metadata.
  ///
  /// Leading zeros are not SemVer, so equal versions have equal texts.
  package let description: String

  /// Reads a whole text as a version.
  package init(_ text: String) throws(GrammarError) {
    let bytes = Array(text.utf8)
    let length = try bytes.withUnsafeBufferPointer { bytes throws(GrammarError) in try Self.precedenceLength(bytes) }
    description = String(decoding: bytes[..<length], as: UTF8.self)
  }

  package static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
    let left = Array(left.description.utf8)
    let right = Array(right.description.utf8)
    return left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { compare(left, $0) < 0 } }
  }
}

// MARK: - On bytes, without allocation: the evaluator's form

extension SemanticVersion {
  /// Checks that all of `text` is a version, and returns the length of what counts: all before the build metadata.
  static func precedenceLength(_ text: UnsafeBufferPointer<UInt8>) throws(GrammarError) -> Int {
    var position = 0
    try readNumber(text, &position, missing: "the major version is missing")
    try readDot(text, &position, "expected “.” and the minor version")
    try readNumber(text, &position, missing: "the minor version is missing")
    try readDot(text, &position, "expected “.” and the patch version")
    try readNumber(text, &position, missing: "the patch version is missing")
    if position < text.count, text[position] == UInt8(ascii: "-") {
      position += 1
      try readIdentifiers(text, &position, areOrdered: true)
    }
    let length = position
    if position < text.count, text[position] == UInt8(ascii: "+") {
      position += 1
      try readIdentifiers(text, &position, areOrdered: false)
    }
    guard position == text.count else { throw GrammarError("unexpected character after the version", at: position) }
    return length
  }

  /// Orders two canonical texts: negative, zero or positive.
  static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int {
    var i = 0
    var j = 0
    for _ in 0..<3 {
      let order = compareNumbers(left, &i, right, &j)
      if order != 0 { return order }
      // Over the dot; after the patch version over the hyphen, or past the end.
      i += 1
      j += 1
    }
    switch (i < left.count, j < right.count) {
    case (false, false): return 0
    case (false, true): return 1
    case (true, false): return -1
    case (true, true): break
    }
    while i < left.count, j < right.count {
      let order = compareIdentifiers(left, &i, right, &j)
      if order != 0 { return order }
      i += 1
      j += 1
    }
    return (i < left.count ? 1 : 0) - (j < right.count ? 1 : 0)
  }

  private static func readNumber(
    _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int, missing: String
  ) throws(GrammarError) {
    let start = position
    while position < text.count, text[position].isDigit { position += 1 }
    guard position > start else { throw GrammarError(missing, at: start) }
    guard position == start + 1 || text[start] != UInt8(ascii: "0") else {
      throw GrammarError("a number in a version has no leading zero", at: start)
    }
  }

  private static func readDot(
    _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ expected: String
  ) throws(GrammarError) {
    guard position < text.count, text[position] == UInt8(ascii: ".") else {
      throw GrammarError(expected, at: position)
    }
    position += 1
  }

  private static func readIdentifiers(
    _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int, areOrdered: Bool
  ) throws(GrammarError) {
    while true {
      let start = position
      var isNumber = true
      while position < text.count {
        let byte = text[position]
        guard byte.isDigit || byte.isLetter || byte == UInt8(ascii: "-") else { break }
        if !byte.isDigit { isNumber = false }
        position += 1
      }
      guard position > start else { throw GrammarError("an identifier is empty", at: start) }
      guard !(areOrdered && isNumber && position > start + 1 && text[start] == UInt8(ascii: "0")) else {
        throw GrammarError("a number in a pre-release has no leading zero", at: start)
      }
      guard position < text.count, text[position] == UInt8(ascii: ".") else { return }
      position += 1
    }
  }

  private static func compareNumbers(
    _ left: UnsafeBufferPointer<UInt8>, _ i: inout Int, _ right: UnsafeBufferPointer<UInt8>, _ j: inout Int
  ) -> Int {
    let (leftStart, rightStart) = (i, j)
    while i < left.count, left[i].isDigit { i += 1 }
    while j < right.count, right[j].isDigit { j += 1 }
    guard i - leftStart == j - rightStart else { return (i - leftStart) - (j - rightStart) }
    for k in 0..<(i - leftStart) where left[leftStart + k] != right[rightStart + k] {
      return Int(left[leftStart + k]) - Int(right[rightStart + k])
    }
    return 0
  }

  private static func compareIdentifiers(
    _ left: UnsafeBufferPointer<UInt8>, _ i: inout Int, _ right: UnsafeBufferPointer<UInt8>, _ j: inout Int
  ) -> Int {
    let (leftEnd, leftIsNumber) = identifier(left, from: i)
    let (rightEnd, rightIsNumber) = identifier(right, from: j)
    defer { (i, j) = (leftEnd, rightEnd) }
    if leftIsNumber != rightIsNumber { return leftIsNumber ? -1 : 1 }
    if leftIsNumber, leftEnd - i != rightEnd - j { return (leftEnd - i) - (rightEnd - j) }
    for k in 0..<min(leftEnd - i, rightEnd - j) where left[i + k] != right[j + k] {
      return Int(left[i + k]) - Int(right[j + k])
    }
    return (leftEnd - i) - (rightEnd - j)
  }

  private static func identifier(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> (end: Int, isNumber: Bool) {
    var end = start
    var isNumber = true
    while end < text.count, text[end] != UInt8(ascii: ".") {
      if !text[end].isDigit { isNumber = false }
      end += 1
    }
    return (end, isNumber)
  }
}
