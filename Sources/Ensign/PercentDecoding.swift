/// Percent-encoding of addresses (RFC 3986, section 2.1).
package enum PercentDecoding {
  /// The bytes of a part of an address, decoded once; nil when a percent sign is followed by anything else than two
  /// hexadecimal digits.
  package static func bytes(of part: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = part.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue else {
        return nil
      }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  /// The text of a part of an address, decoded once; nil when it cannot be, or the bytes are no UTF-8.
  package static func decode(_ part: some StringProtocol) -> String? {
    bytes(of: part).flatMap { String(validating: $0, as: UTF8.self) }
  }
}
