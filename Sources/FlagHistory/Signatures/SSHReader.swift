internal import Ensign

/// Reads the values of SSH's binary encoding (RFC 4251, section 5) one after the other.
struct SSHReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { rest = bytes[...] }

  var isAtEnd: Bool { rest.isEmpty }

  /// The next `count` bytes; nil when there are fewer.
  mutating func bytes(_ count: Int) -> [UInt8]? {
    guard count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  /// A `uint32`: four bytes, the greatest first.
  mutating func number() -> UInt32? {
    bytes(4).map { $0.reduce(0) { $0 << 8 | UInt32($1) } }
  }

  /// A `string`: its length, then its bytes.
  mutating func string() -> [UInt8]? {
    guard let length = number() else { return nil }
    return bytes(Int(length))
  }

  /// Bytes as a `string`.
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    let count = UInt32(truncatingIfNeeded: bytes.count)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) } + bytes
  }

  /// The bytes of a text in base 64 as SSH writes it: in the standard alphabet, padded; nil when it is none.
  static func decode(base64 text: some Sequence<UInt8>) -> [UInt8]? {
    let text = String(decoding: Array(text), as: UTF8.self)
    guard let bytes = Base64.decode(text), Base64.encode(bytes) == text else { return nil }
    return bytes
  }
}
