internal import CGit2

/// The name of an object: its SHA-1, 20 bytes.
public struct ObjectID: Hashable, Comparable, Sendable {
  // The bytes in order, so that comparing numbers compares bytes.
  private let first: UInt64
  private let second: UInt64
  private let third: UInt32

  /// The id of these 20 bytes, or nil when there are more or fewer.
  public init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == 20 else { return nil }
    unsafe self.init(reading: bytes)
  }

  /// The id of 40 hexadecimal digits in either case, or nil when the text is none.
  public init?(hexadecimal text: String) {
    guard text.utf8.count == 40, text.utf8.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }) else {
      return nil
    }
    let digits = Substring(text)
    guard
      let first = UInt64(digits.prefix(16), radix: 16), let second = UInt64(digits.dropFirst(16).prefix(16), radix: 16),
      let third = UInt32(digits.suffix(8), radix: 16)
    else { return nil }
    (self.first, self.second, self.third) = (first, second, third)
  }

  /// The id of 40 lower-case hexadecimal digits in ASCII, as objects hold it, or nil when the bytes are none.
  init?(hexadecimal digits: UnsafeRawBufferPointer) {
    func number(_ range: Range<Int>) -> UInt64? {
      var number: UInt64 = 0
      for index in range {
        let byte = unsafe digits[index]
        switch byte {
        case 0x30...0x39: number = number << 4 | UInt64(byte - 0x30)
        case 0x61...0x66: number = number << 4 | UInt64(byte - 0x57)
        default: return nil
        }
      }
      return number
    }
    guard digits.count == 40, let first = number(0..<16), let second = number(16..<32),
      let third = number(32..<40)
    else { return nil }
    (self.first, self.second, self.third) = (first, second, UInt32(third))
  }

  /// The 20 bytes.
  public var bytes: [UInt8] { unsafe withUnsafeBytes(of: git) { unsafe Array($0) } }

  /// The id in the first 20 of `bytes`, which must be there.
  init(reading bytes: UnsafeRawBufferPointer) {
    unsafe first = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
    unsafe second = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    unsafe third = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
  }

  /// Adds some of the bytes, which are as good as random.
  public func hash(into hasher: inout Hasher) { hasher.combine(first) }

  /// The first eight of the bytes as a number, which ids are sorted by.
  var leading: UInt64 { first }

  /// The first of the bytes.
  var firstByte: Int { Int(first >> 56) }

  /// libgit2's id.
  init(_ id: git_oid) {
    self = unsafe withUnsafeBytes(of: id) { unsafe ObjectID(reading: $0) }
  }

  /// The id in libgit2's form.
  var git: git_oid {
    var id = git_oid()
    unsafe withUnsafeMutableBytes(of: &id) {
      unsafe $0.storeBytes(of: first.bigEndian, as: UInt64.self)
      unsafe $0.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
      unsafe $0.storeBytes(of: third.bigEndian, toByteOffset: 16, as: UInt32.self)
    }
    return id
  }

  /// Orders by bytes, as Git does.
  public static func < (left: Self, right: Self) -> Bool {
    (left.first, left.second, left.third) < (right.first, right.second, right.third)
  }
}

extension ObjectID: CustomStringConvertible {
  /// 40 hexadecimal digits in lower case.
  public var description: String {
    padded(String(first, radix: 16), to: 16) + padded(String(second, radix: 16), to: 16)
      + padded(String(third, radix: 16), to: 8)
  }

  private func padded(_ digits: String, to count: Int) -> String {
    String(repeating: "0", count: count - digits.utf8.count) + digits
  }
}
