/// What a snapshot may hold at most.
///
/// A compiler that keeps to these limits writes snapshots that every reader takes.
package enum SnapshotLimits {
  /// Bytes of the document.
  package static let size = 256 << 20
  /// The format, and the newest `minimumReader`, that this reader knows.
  package static let reader: Int64 = 1
  /// Bytes of a key of a flag or a segment.
  package static let keyLength = 128
  /// Variants of one flag.
  package static let variants = 1000
  /// Attributes of an environment.
  package static let attributes = 10_000
  /// How many segments may contain each other in a chain, and how many flags may require each other in one.
  package static let nesting = 64
  /// How many conditions, rules, requirements and segments one evaluation of a flag may come by, all its prerequisites
  /// and segments counted as often as they are mentioned.
  package static let work = 1_000_000
}
