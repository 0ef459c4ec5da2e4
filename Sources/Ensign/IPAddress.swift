/// An IPv4 or IPv6 address.
///
/// The two families never mix: `::ffff:192.0.2.1` is an IPv6 address and lies in no IPv4 network.
package struct IPAddress: Hashable, Sendable, CustomStringConvertible {
  /// The address in 128 bits; an IPv4 address in the highest 32, zeros below.
  package let bits: UInt128
  /// Whether this is an IPv6 address.
  package let isVersion6: Bool

  /// The number of bits of an address of the family: 32 or 128.
  package var width: Int { isVersion6 ? 128 : 32 }

  /// An address by its bits, those of an IPv4 address in the highest 32.
  package init(bits: UInt128, isVersion6: Bool) {
    self.bits = bits
    self.isVersion6 = isVersion6
  }

  /// Reads a dotted quad, or an IPv6 address in any form of RFC 4291 section 2.2.
  ///
  /// Zone identifiers are refused, and so are octets with leading zeros, which some readers take for octal.
  package init(_ text: String) throws(GrammarError) {
    let bytes = Array(text.utf8)
    self = try bytes.withUnsafeBufferPointer { bytes throws(GrammarError) in try IPAddress(bytes) }
  }

  /// The canonical text: a dotted quad, or RFC 5952's form of an IPv6 address (lower case, the longest run of zero
  /// groups shortened, IPv4-mapped addresses with a dotted quad at the end).
  package var description: String {
    guard isVersion6 else { return Self.dottedQuad(UInt32(truncatingIfNeeded: bits >> 96)) }
    if bits >> 32 == 0xffff { return "::ffff:" + Self.dottedQuad(UInt32(truncatingIfNeeded: bits)) }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> (112 - 16 * $0)) }
    let zeros = Self.longestZeroRun(groups)
    var text = ""
    var index = 0
    while index < 8 {
      if index == zeros.lowerBound, !zeros.isEmpty {
        text += "::"
        index = zeros.upperBound
      } else {
        if !text.isEmpty, text.utf8.last != UInt8(ascii: ":") { text += ":" }
        text += String(groups[index], radix: 16)
        index += 1
      }
    }
    return text
  }

  private static func dottedQuad(_ bits: UInt32) -> String {
    "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
  }

  /// The first of the longest runs of two or more zero groups, or an empty range.
  private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int> {
    var longest = 0..<0
    var start = 0
    while start < groups.count {
      var end = start
      while end < groups.count, groups[end] == 0 { end += 1 }
      if end - start > max(longest.count, 1) { longest = start..<end }
      start = end + 1
    }
    return longest
  }
}

// MARK: - On bytes, without allocation: the evaluator's form

extension IPAddress {
  /// Reads all of `text` as an address.
  init(_ text: UnsafeBufferPointer<UInt8>) throws(GrammarError) {
    if text.contains(UInt8(ascii: ":")) {
      self.init(bits: try Self.readVersion6(text), isVersion6: true)
    } else {
      var position = 0
      let bits = try Self.readQuad(text, &position)
      guard position == text.count else { throw GrammarError("unexpected character in an address", at: position) }
      self.init(bits: UInt128(bits) << 96, isVersion6: false)
    }
  }

  private static func readQuad(_ text: UnsafeBufferPointer<UInt8>, _ position: inout Int) throws(GrammarError) -> UInt32
  {
    var bits: UInt32 = 0
    for octet in 0..<4 {
      if octet > 0 {
        guard position < text.count, text[position] == UInt8(ascii: ".") else {
          throw GrammarError("expected four numbers separated by dots", at: position)
        }
        position += 1
      }
      let start = position
      var number: UInt32 = 0
      while position < text.count, text[position].isDigit, position - start < 4 {
        number = number * 10 + UInt32(text[position] - UInt8(ascii: "0"))
        position += 1
      }
      guard position > start else { throw GrammarError("expected a number from 0 to 255", at: start) }
      guard position == start + 1 || text[start] != UInt8(ascii: "0") else {
        throw GrammarError("a number in an address has no leading zero", at: start)
      }
      guard number < 256 else { throw GrammarError("a number in an address is at most 255", at: start) }
      bits = bits << 8 | number
    }
    return bits
  }

  private static func readVersion6(_ text: UnsafeBufferPointer<UInt8>) throws(GrammarError) -> UInt128 {
    let colon = UInt8(ascii: ":")
    var bits: UInt128 = 0
    var groups = 0
    /// How many groups stand before the `::`.
    var gap: Int?
    var position = 0
    if text.count >= 2, text[0] == colon, text[1] == colon {
      gap = 0
      position = 2
    }
    while position < text.count {
      let start = position
      var group: UInt32 = 0
      while position < text.count, position - start < 5, let digit = text[position].hexadecimalValue {
        group = group << 4 | UInt32(digit)
        position += 1
      }
      if position < text.count, text[position] == UInt8(ascii: ".") {
        position = start
        guard groups <= 6 else { throw GrammarError("an address has eight groups at most", at: start) }
        bits = bits << 32 | UInt128(try readQuad(text, &position))
        groups += 2
        guard position == text.count else { throw GrammarError("a dotted quad ends an address", at: position) }
        break
      }
      guard position > start else { throw GrammarError(unexpected(text[start]), at: start) }
      guard position - start <= 4 else { throw GrammarError("a group has four digits at most", at: start) }
      guard groups < 8 else { throw GrammarError("an address has eight groups at most", at: start) }
      bits = bits << 16 | UInt128(group)
      groups += 1
      guard position < text.count else { break }
      guard text[position] == colon else { throw GrammarError(unexpected(text[position]), at: position) }
      position += 1
      if position < text.count, text[position] == colon {
        guard gap == nil else { throw GrammarError("“::” stands once at most", at: position - 1) }
        gap = groups
        position += 1
      } else if position == text.count {
        throw GrammarError("an address does not end with a single colon", at: position - 1)
      }
    }
    return try spread(bits, groups, gap: gap, end: text.count)
  }

  private static func unexpected(_ byte: UInt8) -> String {
    byte == UInt8(ascii: "%") ? "a zone identifier is not part of an address" : "expected hexadecimal digits"
  }

  /// Moves the groups before the `::` up to the front.
  private static func spread(_ bits: UInt128, _ groups: Int, gap: Int?, end: Int) throws(GrammarError) -> UInt128 {
    guard let gap else {
      guard groups == 8 else { throw GrammarError("expected eight groups, or “::” for zeros", at: end) }
      return bits
    }
    guard groups < 8 else { throw GrammarError("“::” stands for one group at least", at: end) }
    // With nothing before the `::`, front is zero; a shift by all 128 bits gives zero in Swift.
    let behind = 16 * (groups - gap)
    let front = bits >> behind
    return front << (128 - 16 * gap) | (bits & ((UInt128(1) << behind) &- 1))
  }
}
