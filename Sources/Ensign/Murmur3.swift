/// MurmurHash3 x86_32 with seed 0, fed in pieces.
///
/// A value: the state after a common beginning is copied and continued, so that a beginning is hashed once however
/// many values follow it.
package struct Murmur3: Hashable, Sendable, BitwiseCopyable {
  private var state: UInt32 = 0
  /// The bytes that do not fill a block yet, the first in the lowest bits.
  private var pending: UInt32 = 0
  private var count: UInt32 = 0

  /// The state before the first byte.
  package init() {}

  /// Continues with the bytes of a text.
  package mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  /// Continues with bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    let pendingBits = UInt64(count & 3) * 8
    var window = UInt64(pending)
    var offset = 0
    while offset &+ 4 <= bytes.count {
      window |=
        UInt64(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))) &<< pendingBits
      mix(UInt32(truncatingIfNeeded: window))
      window >>= 32
      offset &+= 4
    }
    var bits = pendingBits
    while offset < bytes.count {
      window |= UInt64(base.load(fromByteOffset: offset, as: UInt8.self)) &<< bits
      bits &+= 8
      offset &+= 1
    }
    if bits >= 32 {
      mix(UInt32(truncatingIfNeeded: window))
      window >>= 32
    }
    pending = UInt32(truncatingIfNeeded: window)
    count &+= UInt32(truncatingIfNeeded: bytes.count)
  }

  /// The hash of all bytes so far.
  package func finish() -> UInt32 {
    var hash = state ^ Self.scramble(pending) ^ count
    hash = (hash ^ hash >> 16) &* 0x85eb_ca6b
    hash = (hash ^ hash >> 13) &* 0xc2b2_ae35
    return hash ^ hash >> 16
  }

  private mutating func mix(_ block: UInt32) {
    let mixed = state ^ Self.scramble(block)
    state = (mixed << 13 | mixed >> 19) &* 5 &+ 0xe654_6b64
  }

  /// Zero for zero, so that a hash without pending bytes needs no case of its own.
  private static func scramble(_ block: UInt32) -> UInt32 {
    let scrambled = block &* 0xcc9e_2d51
    return (scrambled << 15 | scrambled >> 17) &* 0x1b87_3593
  }
}
