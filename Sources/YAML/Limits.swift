/// How much a YAML document may ask for.
///
/// Beyond a limit ``Document/parse(_:limits:by:)-(UnsafeRawBufferPointer,_,_)`` stops with an error, so that no input takes
/// more time or memory than these allow.
public struct Limits: Hashable, Sendable {
  /// The greatest size of a file in bytes; 1 MiB.
  ///
  /// More than 1 GiB counts as 1 GiB.
  public var bytes: Int
  /// The greatest depth of collections in collections; 64.
  ///
  /// Time grows with the square of it.
  public var depth: Int
  /// The greatest number of nodes: scalars (keys too) and collections; 100,000.
  public var nodes: Int

  /// Limits for files that people write.
  public init(bytes: Int = 1 << 20, depth: Int = 64, nodes: Int = 100_000) {
    self.bytes = min(bytes, 1 << 30)
    self.depth = depth
    self.nodes = nodes
  }
}
