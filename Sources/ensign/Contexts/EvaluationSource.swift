internal import Ensign
internal import FlagCompiler
internal import FlagSource

/// What `eval` and `explain` evaluate, and where it came from.
struct EvaluationSource {
  let snapshot: Snapshot
  /// Of the snapshot's bytes, in hexadecimal.
  let sha256: String
  /// The commit that was compiled, in full; nil for the working tree and for snapshot files.
  let commit: String?
  /// The declared types of attributes, to read `name=value` by.
  let attributeTypes: [String: FlagSource.AttributeType]
}
