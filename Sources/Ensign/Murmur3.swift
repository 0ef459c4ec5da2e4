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
  @inline(__always)
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, bytes.count >= 4 else {
      self = updatedShort(bytes)
      return
    }
    let pendingCount = Int(count & 3)
    // The first word completes the pending block; the rest is read in words from where that left off.
    let first = UInt32(littleEndian: base.loadUnaligned(as: UInt32.self))
    mix(pending | first &<< UInt32(truncatingIfNeeded: pendingCount &* 8))
    var offset = 4 &- pendingCount
    while offset &+ 4 <= bytes.count {
      mix(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      offset &+= 4
    }
    // What is left, 0 to 3 bytes, are the last ones of the last word.
    let last = UInt32(littleEndian: base.loadUnaligned(fromByteOffset: bytes.count &- 4, as: UInt32.self))
    let left = bytes.count &- offset
    pending = left == 0 ? 0 : last &>> UInt32(truncatingIfNeeded: (4 &- left) &* 8)
    count &+= UInt32(truncatingIfNeeded: bytes.count)
  }

  @inline(never)
  private func updatedShort(_ bytes: UnsafeRawBufferPointer) -> Murmur3 {
    var hash = self
    for byte in bytes {
      hash.pending |= UInt32(byte) << ((hash.count & 3) * 8)
      hash.count &+= 1
      if hash.count & 3 == 0 {
        hash.mix(hash.pending)
        hash.pending = 0
      }
    }
    return hash
  }

  /// The hash of all bytes so far.
  @inline(__always)
  package func finish() -> UInt32 {
    var hash = state ^ Self.scramble(pending) ^ count
    hash = (hash ^ hash >> 16) &* 0x85eb_ca6b
    hash = (hash ^ hash >> 13) &* 0xc2b2_ae35
    return hash ^ hash >> 16
  }

  @inline(__always)
  private mutating func mix(_ block: UInt32) {
    let mixed = state ^ Self.scramble(block)
    state = (mixed << 13 | mixed >> 19) &* 5 &+ 0xe654_6b64
  }

  /// Zero for zero, so that a hash without pending bytes needs no case of its own.
  @inline(__always)
  private static func scramble(_ block: UInt32) -> UInt32 {
    let scrambled = block &* 0xcc9e_2d51
    return (scrambled << 15 | scrambled >> 17) &* 0x1b87_3593
  }
}
