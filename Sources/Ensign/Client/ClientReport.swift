/// How a client is, at one moment: for health checks, logs and metrics.
public struct ClientReport: Hashable, Sendable {
  /// What flags come from.
  public enum Served: String, CaseIterable, Hashable, Sendable {
    /// The snapshot of the newest manifest that was accepted.
    case current
    /// An older snapshot that served well, because the service failed to start with the current one.
    case safe
    /// The defaults in the service's code, because there is no snapshot, or the service failed to start with all.
    case defaults
  }

  /// How the last update went, in one word.
  public var status: ClientStatus
  /// What is wrong, as phrases without a full stop; empty when nothing is.
  public var message: String
  /// What flags come from.
  public var served: Served
  /// The epoch of the manifest whose snapshot is served; nil with ``Served/defaults``, as all that follows.
  public var epoch: Int?
  /// Its sequence.
  public var sequence: Int?
  /// The digest of the snapshot, as 64 hexadecimal digits.
  public var sha256: String?
  /// When the manifest was signed.
  public var created: Timestamp?
  /// When a newer manifest is overdue.
  public var expires: Timestamp?
  /// The version of the trust file that decides whose signatures count.
  public var trustVersion: Int
  /// When an update was last tried; nil before the first time.
  public var lastAttempt: Timestamp?
  /// When one last succeeded, with something new or not; nil before the first time.
  public var lastSuccess: Timestamp?

  /// Whether two reports differ in more than the times of updates, or one is from before the first update.
  func differs(from other: ClientReport) -> Bool {
    var other = other
    let isFirst = (lastAttempt == nil) != (other.lastAttempt == nil)
    (other.lastAttempt, other.lastSuccess) = (lastAttempt, lastSuccess)
    return isFirst || self != other
  }
}
