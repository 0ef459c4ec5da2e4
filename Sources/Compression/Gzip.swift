internal import CDeflate

/// The format gzip (RFC 1952), by libdeflate.
public enum Gzip {
  /// A gzip file of one member, without a name and a time: the same bytes give the same file, with the same libdeflate.
  ///
  /// - Parameter level: from 1, fast, to 12, small. At 6, a snapshot gets 11 % smaller for half more time.
  public static func compress(_ bytes: [UInt8], level: Int32 = 4) throws(CompressionError) -> [UInt8] {
    guard let compressor = unsafe libdeflate_alloc_compressor(level) else {
      throw CompressionError(description: "libdeflate cannot compress at level \(level)")
    }
    defer { unsafe libdeflate_free_compressor(compressor) }
    let bound = unsafe libdeflate_gzip_compress_bound(compressor, bytes.count)
    let output = unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
      count = unsafe libdeflate_gzip_compress(compressor, bytes, bytes.count, output.baseAddress, bound)
    }
    // Nothing is that short: it means that there was not enough space.
    guard !output.isEmpty else {
      throw CompressionError(description: "libdeflate cannot compress \(bytes.count) bytes")
    }
    return output
  }

  /// The content of a gzip file of one member, all of it and nothing behind it.
  ///
  /// - Parameter limit: more bytes than that are an error.
  public static func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
    // The last four bytes tell the size; if they lie, the content does not fit, or their sum is wrong.
    let size = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard size <= limit else { throw CompressionError(description: "the file has more than \(limit) bytes of content") }
    guard let decompressor = unsafe libdeflate_alloc_decompressor() else {
      throw CompressionError(description: "libdeflate cannot decompress: there is no memory")
    }
    defer { unsafe libdeflate_free_decompressor(decompressor) }
    var (status, read) = (LIBDEFLATE_BAD_DATA, 0)
    let content = unsafe [UInt8](unsafeUninitializedCapacity: size) { output, count in
      status = unsafe libdeflate_gzip_decompress_ex(
        decompressor, bytes, bytes.count, output.baseAddress, size, &read, &count)
      if status != LIBDEFLATE_SUCCESS { count = 0 }
    }
    guard status == LIBDEFLATE_SUCCESS, read == bytes.count else {
      throw CompressionError(description: "the bytes are not one whole gzip file of the expected size")
    }
    return content
  }
}
