internal import Glibc

/// Comparing bytes where they lie.
enum SameBytes {
  /// Whether an array has the bytes of a buffer.
  static func are(_ array: [UInt8], _ buffer: UnsafeRawBufferPointer) -> Bool {
    guard array.count == buffer.count, let start = buffer.baseAddress else { return array.count == buffer.count }
    return unsafe array.withUnsafeBytes { bytes in
      guard let first = bytes.baseAddress else { return true }
      return unsafe memcmp(first, start, bytes.count) == 0
    }
  }
}
