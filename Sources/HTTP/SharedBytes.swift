/// Bytes in memory that does not move, which responses share: sending them copies nothing.
@safe package final class SharedBytes: @unchecked Sendable {
  // Unchecked: written before anybody sees them, and never again.
  private let memory: UnsafeMutableRawBufferPointer

  /// A copy of bytes.
  package init(_ bytes: [UInt8]) {
    unsafe memory = .allocate(byteCount: bytes.count, alignment: 1)
    unsafe memory.copyBytes(from: bytes)
  }

  deinit { unsafe memory.deallocate() }

  /// How many bytes there are.
  package var count: Int { unsafe memory.count }

  /// Where they are, for as long as the object lives.
  var start: UnsafeMutableRawPointer? { unsafe memory.baseAddress }

  /// Copies bytes from a place on, as many as there are and fit; how many.
  func copy(from offset: Int, to target: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(target.count, count - offset)
    unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[offset..<offset + count]))
    return count
  }
}
