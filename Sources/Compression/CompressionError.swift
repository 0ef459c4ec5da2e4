/// Bytes that could not be compressed, or are not what a compressor wrote.
public struct CompressionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, as a phrase without a full stop.
  public let description: String
}
