internal import CZlib

/// The format gzip (RFC 1952), by zlib.
public enum Gzip {
  /// A gzip file of one member, without a name and a time: the same bytes give the same file, with the same zlib.
  ///
  /// - Parameter level: from 1, fast, to 9, small. At 6, a snapshot gets 8 % smaller for twice the time.
  public static func compress(_ bytes: [UInt8], level: Int32 = 5) throws(CompressionError) -> [UInt8] {
    var stream = unsafe z_stream()
    // Fifteen bits of window, and 16 more to say: with gzip's header.
    let begun = unsafe deflateInit2_(
      &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard begun == Z_OK, let size = UInt32(exactly: bytes.count) else {
      throw CompressionError(description: "zlib cannot compress \(bytes.count) bytes at level \(level)")
    }
    defer { unsafe deflateEnd(&stream) }
    let bound = unsafe Int(deflateBound(&stream, UInt(size)))
    return try unsafe transform(bytes, capacity: bound, &stream) { unsafe deflate($0, Z_FINISH) }
  }

  /// The content of a gzip file of one member, all of it and nothing behind it.
  ///
  /// - Parameter limit: more bytes than that are an error.
  public static func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
    var stream = unsafe z_stream()
    let begun = unsafe inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard begun == Z_OK, bytes.count <= Int(UInt32.max), limit < Int(UInt32.max) else {
      throw CompressionError(description: "zlib cannot decompress \(bytes.count) bytes")
    }
    defer { unsafe inflateEnd(&stream) }
    // The last four bytes tell the size, unless they lie; one byte more shows that there is more.
    let told = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let content = try unsafe transform(bytes, capacity: min(told, limit) + 1, &stream) { unsafe inflate($0, Z_FINISH) }
    guard content.count <= limit else {
      throw CompressionError(description: "the file has more than \(limit) bytes of content")
    }
    return content
  }

  /// Runs a stream over all of `bytes` in one call, which must reach the end with room to spare.
  private static func transform(
    _ bytes: [UInt8], capacity: Int, _ stream: inout z_stream, _ step: (UnsafeMutablePointer<z_stream>) -> Int32
  ) throws(CompressionError) -> [UInt8] {
    // zlib does not write to its input; its type is older than `const`.
    var input = bytes
    var status = Z_OK
    var rest: UInt32 = 0
    let output = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      unsafe input.withUnsafeMutableBufferPointer { input in
        unsafe stream.next_in = input.baseAddress
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(capacity)
        status = unsafe step(&stream)
        rest = unsafe stream.avail_in
        count = unsafe capacity - Int(stream.avail_out)
      }
    }
    guard status == Z_STREAM_END, rest == 0 else {
      throw CompressionError(description: "the bytes are not one whole gzip file of the expected size")
    }
    return output
  }
}
