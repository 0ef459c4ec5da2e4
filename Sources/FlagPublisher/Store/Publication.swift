package import Ensign

/// What one run publishes: snapshots of one commit.
package struct Publication: Sendable {
  /// The project of the flags.
  package var project: String
  /// The commit.
  package var source: Manifest.Source
  /// The number of commits on the first-parent chain that leads to it.
  package var sequence: Int
  /// Whether the snapshots are of files that differ from the commit's.
  package var isDirty: Bool
  /// The environments, in the order in which they are published.
  package var snapshots: [Candidate]

  /// The snapshot of an environment, which its reader loads.
  package struct Candidate: Sendable {
    package let environment: String
    package let bytes: [UInt8]
    /// The digest of the bytes, in hexadecimal digits.
    package let sha256: String
    package let flagCount: Int
    package let minimumReader: Int

    /// - Complexity: O(*n*) in the number of bytes, of which it makes the digest.
    package init(environment: String, bytes: [UInt8], flagCount: Int, minimumReader: Int) {
      self.environment = environment
      self.bytes = bytes
      sha256 = SHA256.hexadecimal(bytes)
      self.flagCount = flagCount
      self.minimumReader = minimumReader
    }
  }

  package init(
    project: String, source: Manifest.Source, sequence: Int, isDirty: Bool = false, snapshots: [Candidate]
  ) {
    self.project = project
    self.source = source
    self.sequence = sequence
    self.isDirty = isDirty
    self.snapshots = snapshots
  }
}

/// What a run did for an environment.
package struct PublishedManifest: Hashable, Sendable {
  /// What became of it.
  package enum Outcome: String, Hashable, Sendable {
    /// A new snapshot, or a new place in the history.
    case published
    /// The snapshot that was there, signed again.
    case renewed
  }

  package var outcome: Outcome
  package var manifest: Manifest
  /// The keys that signed and count, in the order of the role.
  package var signers: [PublicKey]
  /// Whether who reads from the server gets it, not only whether it is stored; nil where no server tells.
  package var isServed: Bool?
}
