package import Ensign

/// An environment as it is served at this moment: a verified snapshot, and what is known about it.
///
/// It never changes: a newer snapshot is another value, put in the place of this one.
package struct ServedEnvironment: Sendable {
  /// The environment's name.
  package var name: String { snapshot.environment }
  /// The snapshot, loaded.
  package let snapshot: Snapshot
  /// The snapshot's bytes.
  package let bytes: [UInt8]
  /// The digest of the bytes, as 64 hexadecimal digits.
  package let sha256: String
  /// The manifest's epoch; 0 where nothing was signed.
  package let epoch: Int
  /// The manifest's sequence; where nothing was signed, a number that rises with each change.
  package let sequence: Int
  /// Whether a newer manifest is overdue.
  package var isStale: Bool
  /// Whether it was signed and verified: false only on a developer's machine.
  package let isSigned: Bool
  /// What the documents of the snapshot say that evaluating does not need.
  let notes: SnapshotNotes

  /// An environment with a snapshot that was verified, or that is its user's own.
  ///
  /// - Parameter bytes: what `snapshot` was loaded from.
  /// - Throws: when the bytes are no JSON, and so not what the snapshot was loaded from.
  /// - Complexity: O(*n*) in the size of the snapshot.
  package init(
    snapshot: Snapshot, bytes: [UInt8], sha256: String, epoch: Int, sequence: Int, isStale: Bool, isSigned: Bool
  ) throws(JSONError) {
    self.snapshot = snapshot
    self.bytes = bytes
    self.sha256 = sha256
    self.epoch = epoch
    self.sequence = sequence
    self.isStale = isStale
    self.isSigned = isSigned
    notes = try SnapshotNotes(bytes)
  }

  /// What names this state of the environment: `<epoch>.<sequence>`, also the id of its event.
  package var version: String { "\(epoch).\(sequence)" }
}
