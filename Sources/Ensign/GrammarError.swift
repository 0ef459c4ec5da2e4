/// Why a text is not a value of a grammar: a version, an instant, an address, a percentage, a pattern.
public struct GrammarError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The byte of the text at which reading stopped, from 0; the text's length when it ended too early.
  public let offset: Int
  /// What is wrong or what was expected, as a phrase without a full stop, such as "the minor version is missing".
  public let message: String

  /// An error at a byte of the text.
  package init(_ message: String, at offset: Int) {
    self.message = message
    self.offset = offset
  }

  /// The message alone: who reports it knows the text.
  public var description: String { message }
}

extension UInt8 {
  /// Whether the byte is one of `0`…`9`.
  var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }

  /// Whether the byte is an ASCII letter.
  var isLetter: Bool { (self | 0x20) &- UInt8(ascii: "a") < 26 }

  /// The value of a hexadecimal digit, or nil.
  var hexadecimalValue: UInt8? {
    if isDigit { return self &- UInt8(ascii: "0") }
    let letter = (self | 0x20) &- UInt8(ascii: "a")
    return letter < 6 ? letter + 10 : nil
  }
}
