/// A block of addresses in CIDR notation, such as `10.0.0.0/8` or `2001:db8::/32`.
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
  /// The first address of the network: no bit is set after the prefix.
  package let address: IPAddress
  /// The number of leading bits that all its addresses share.
  package let prefixLength: Int

  /// Reads an address, `/` and a length; an address alone is the network of just that address.
  ///
  /// Bits set after the prefix are refused, because nobody can tell which of the two was meant.
  package init(_ text: String) throws(GrammarError) {
    let bytes = Array(text.utf8)
    guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else {
      address = try IPAddress(text)
      prefixLength = address.width
      return
    }
    let address = try bytes[..<slash].withUnsafeBufferPointer { bytes throws(GrammarError) in try IPAddress(bytes) }
    let digits = bytes[(slash + 1)...]
    guard !digits.isEmpty, digits.count <= 3, digits.allSatisfy(\.isDigit),
      digits.count == 1 || digits.first != UInt8(ascii: "0"), let length = Int(String(decoding: digits, as: UTF8.self)),
      length <= address.width
    else { throw GrammarError("expected a prefix length from 0 to \(address.width)", at: slash + 1) }
    guard address.bits & ~Self.mask(length) == 0 else {
      let network = IPAddress(bits: address.bits & Self.mask(length), isVersion6: address.isVersion6)
      throw GrammarError("bits are set after the prefix: the network is \(network)/\(length)", at: 0)
    }
    self.address = address
    prefixLength = length
  }

  /// Whether an address of the same family lies inside.
  package func contains(_ other: IPAddress) -> Bool {
    other.isVersion6 == address.isVersion6 && (other.bits ^ address.bits) & Self.mask(prefixLength) == 0
  }

  /// The canonical text: the address's, and always a length.
  package var description: String { "\(address)/\(prefixLength)" }

  /// The leading `length` bits of 128. (Swift's smart shift gives zero for a shift by all of them.)
  static func mask(_ length: Int) -> UInt128 { UInt128.max << (128 - length) }
}
