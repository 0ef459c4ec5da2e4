/// Why bytes are not a snapshot that this version of Ensign can evaluate, and where.
public struct SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Hashable, Sendable {
    /// The bytes are no JSON document, or break one of its limits.
    case malformed
    /// The document is not of the snapshot format: a member is missing, unknown or of the wrong form, a name refers to
    /// nothing, flags or segments need each other in a circle.
    case invalid
    /// The snapshot says that it needs a newer reader than this one. What was loaded before stays good.
    case newerReader
  }

  /// What kind of failure it is.
  public let code: Code
  /// What is wrong, as a phrase without a full stop.
  public let message: String
  /// The place in the document, such as `flags.checkout-v2.rules[0].serve`; empty for the document as a whole.
  public let path: String
  /// The byte of the place, from 0.
  public let offset: Int

  /// The path, then the message.
  public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
