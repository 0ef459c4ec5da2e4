package import Ensign

/// The snapshot of one environment, as bytes and as what the runtime library made of them.
package struct CompiledEnvironment: Sendable {
  package var environment: String
  /// Canonical JSON, without a line end.
  package var bytes: [UInt8]
  /// The same bytes, loaded.
  package var snapshot: Snapshot
}
