/// The snapshot of one environment, as bytes that the runtime library has been found to load.
package struct WrittenEnvironment: Sendable {
  package var environment: String
  /// Canonical JSON, without a line end.
  package var bytes: [UInt8]
}
