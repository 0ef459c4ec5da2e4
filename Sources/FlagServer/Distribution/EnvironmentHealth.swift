package import Ensign

/// How an environment is: what health checks, logs and metrics tell.
package struct EnvironmentHealth: Hashable, Sendable {
  /// The environment.
  package var environment: String
  /// How the last update went, in one word.
  package var status: ClientStatus
  /// What is wrong, as phrases without a full stop; empty when nothing is.
  package var message: String
  /// `<epoch>.<sequence>` of what is served; nil when nothing is.
  package var version: String?
  /// The digest of the snapshot that is served.
  package var sha256: String?
  /// When a newer manifest is overdue; nil when nothing is served, or it is not signed.
  package var expires: Timestamp?

  /// Whether all is well: the newest manifest was verified, and is in force.
  package var isGreen: Bool { status == .current && version != nil }

  /// Whether requests can be answered with something verified that is not too old.
  package var isReady: Bool { version != nil && status != .stale }
}
