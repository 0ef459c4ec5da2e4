/// Takes the bytes of a snapshot while it is written.
package protocol SnapshotSink: SendableMetatype {
  associatedtype Taken: Sendable

  /// Takes the next bytes.
  ///
  /// The runtime library takes them, too, as far as that shows before the last ones.
  mutating func take(_ bytes: ArraySlice<UInt8>)

  /// What became of the bytes, which are a snapshot that the runtime library loads.
  ///
  /// Where it does not load, this is never called.
  consuming func finish() -> Taken
}

/// Keeps the bytes: canonical JSON, without a line end.
package struct SnapshotBytes: SnapshotSink {
  private var bytes: [UInt8] = []

  package init() {}

  package mutating func take(_ bytes: ArraySlice<UInt8>) { self.bytes += bytes }

  package consuming func finish() -> [UInt8] { bytes }
}
