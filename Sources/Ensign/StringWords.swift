/// The two words that a `String` is, read without counting a reference.
///
/// Their layout is part of Swift's frozen interface: a string of up to 15 bytes may hold them itself, the first one
/// lowest, with the number of bytes in the low half of the last byte and bit 61 of the second word set. Nothing else is
/// assumed: what is not in this form is read through `String`'s own interface. A test compares both.
struct StringWords: Equatable {
  private let first: UInt64
  private let second: UInt64

  /// The size of a string in bytes.
  static let size = 16

  /// Words that no string has.
  static let none = StringWords(first: 0, second: 0)

  private init(first: UInt64, second: UInt64) {
    self.first = first
    self.second = second
  }

  @inline(__always)
  init(_ string: borrowing String) {
    (first, second) = unsafeBitCast(copy string, to: (UInt64, UInt64).self)
  }

  /// Whether the words hold the text itself.
  ///
  /// Equal words of this form are the same text, wherever the strings come from.
  @inline(__always)
  var isInline: Bool {
    #if _endian(little) && _pointerBitWidth(_64) && (arch(x86_64) || os(Linux))
      second & 1 << 61 != 0
    #else
      false
    #endif
  }

  /// The number of bytes of a text that the words hold themselves.
  @inline(__always)
  var inlineCount: Int { Int(truncatingIfNeeded: second >> 56 & 15) }

  /// Stores a text that the words hold themselves, and what follows it, into 16 bytes.
  @inline(__always)
  func store(to memory: UnsafeMutableRawPointer) {
    memory.storeBytes(of: SIMD2(first, second), as: SIMD2<UInt64>.self)
  }

  /// Whether the words are the same, so that the texts are.
  @inline(__always)
  static func == (left: StringWords, right: StringWords) -> Bool {
    (left.first ^ right.first) | (left.second ^ right.second) == 0
  }
}
