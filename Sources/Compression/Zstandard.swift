internal import CZstd

/// The format Zstandard (RFC 8878), by libzstd.
public enum Zstandard {
  /// One frame that tells its size: the same bytes give the same frame, with the same libzstd.
  ///
  /// - Parameter level: from 1, fast, to 19, small. At 6, a snapshot gets 5 % smaller for a quarter more time; at 3, a third
  ///   larger for a fifth of it.
  public static func compress(_ bytes: [UInt8], level: Int32 = 5) throws(CompressionError) -> [UInt8] {
    let capacity = ZSTD_compressBound(bytes.count)
    return try unsafe fill(capacity) { unsafe ZSTD_compress($0, capacity, bytes, bytes.count, level) }
  }

  /// The content of one frame, all of it and nothing behind it.
  ///
  /// - Parameter limit: more bytes than that are an error.
  public static func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
    let frame = unsafe ZSTD_findFrameCompressedSize(bytes, bytes.count)
    let size = unsafe ZSTD_getFrameContentSize(bytes, bytes.count)
    // A frame that does not tell its size has the two greatest numbers there.
    guard ZSTD_isError(frame) == 0, frame == bytes.count, size <= UInt64(limit) else {
      throw CompressionError(description: "the bytes are not one whole Zstandard frame of the expected size")
    }
    let capacity = Int(size)
    return try unsafe fill(capacity) { unsafe ZSTD_decompress($0, capacity, bytes, bytes.count) }
  }

  private static func fill(
    _ capacity: Int, _ body: (UnsafeMutableRawPointer?) -> Int
  ) throws(CompressionError) -> [UInt8] {
    var result = 0
    let output = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      result = unsafe body(UnsafeMutableRawPointer(output.baseAddress))
      count = ZSTD_isError(result) == 0 ? result : 0
    }
    guard ZSTD_isError(result) == 0 else {
      throw CompressionError(description: "libzstd: \(unsafe String(cString: ZSTD_getErrorName(result)))")
    }
    return output
  }
}
