package import Ensign

/// A manifest that was signed elsewhere, with the snapshot that it names.
package struct ReceivedPublication: Sendable {
  /// The environment that the manifest claims to be of; nothing is verified by reading it.
  package let environment: String
  private let claimed: Manifest
  private let envelope: Envelope
  /// The snapshot's bytes.
  private let snapshot: [UInt8]

  /// Reads the envelope of a manifest.
  ///
  /// - Parameter snapshot: what is said to be the snapshot.
  package init(envelope bytes: [UInt8], snapshot: [UInt8]) throws(VerificationError) {
    envelope = try Envelope(parsing: bytes)
    claimed = try Manifest(payload: envelope.payload)
    environment = claimed.environment
    self.snapshot = snapshot
  }

  /// What became of it.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// It is in force, with a new snapshot or at a new place in the history.
    case published
    /// It is in force: the snapshot that was there, signed again.
    case renewed
    /// It was there already, or is an earlier signing of what is.
    case unchanged
  }

  /// Why it is not accepted: what came is not right, or the store cannot take it.
  package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    case verification(VerificationError)
    case publishing(PublishingError)

    package var description: String {
      switch self {
      case .verification(let error): error.description
      case .publishing(let error): error.description
      }
    }
  }

  /// Verifies it as a client would, against the chain of trust and what was published before, and writes it into a
  /// store: the snapshot, the numbered manifest, then `latest.json`.
  ///
  /// Nothing is written unless all of it is right.
  ///
  /// - Parameters:
  ///   - anchor: the bytes of the trust file to begin with; nil begins with the store's first.
  ///   - now: the present: a manifest that has expired is not accepted.
  /// - Returns: what became of it, and the manifest.
  package func write(
    into store: PublishedStore, anchor: [UInt8]?, now: Timestamp
  ) throws(Refusal) -> (outcome: Outcome, manifest: Manifest) {
    var outcome = Outcome.unchanged
    var manifest = claimed
    var refused: VerificationError?
    do throws(PublishingError) {
      try store.whileLocked { () throws(PublishingError) in
        let chain = try store.trustChain(from: anchor)
        let project = try store.project() ?? claimed.project
        let newest = try store.newestManifest(of: environment, project: project, chain: chain)
        do throws(VerificationError) {
          (outcome, manifest) = try verify(chain, project: project, after: newest?.manifest, now: now)
        } catch {
          refused = error
          return
        }
        if outcome == .unchanged { return }
        try store.removeLeftovers(of: [environment])
        try store.write([(snapshot, manifest.snapshot.sha256)])
        let numbered = StorePath.manifest(
          environment: environment, epoch: manifest.epoch, sequence: manifest.sequence)
        for path in [numbered, StorePath.latest(environment: environment)] {
          try store.storage { () throws(StorageError) in
            try store.files.replace(path, with: envelope.bytes, mode: PublishedStore.mode)
          }
        }
      }
    } catch {
      throw .publishing(error)
    }
    if let refused { throw .verification(refused) }
    return (outcome, manifest)
  }

  private func verify(
    _ chain: [TrustVersion], project: String, after newest: Manifest?, now: Timestamp
  ) throws(VerificationError) -> (Outcome, Manifest) {
    guard let trust = chain.last?.file else { throw VerificationError(.untrusted, "the store has no trust file") }
    guard !trust.hasExpired(at: now) else {
      throw VerificationError(.stale, "trust version \(trust.version) expired at \(trust.expires)")
    }
    let manifest = try Manifest.verified(envelope.bytes, by: trust, project: project, environment: environment)
    guard !manifest.isStale(at: now) else {
      throw VerificationError(.stale, "the manifest expired at \(manifest.expires)")
    }
    let succession = try manifest.checkFollows(newest)
    try manifest.checkSnapshot(snapshot)
    try checkReadable(by: manifest)
    switch succession {
    case .newer: return (.published, manifest)
    case .renewed: return (.renewed, manifest)
    case .same: return (.unchanged, manifest)
    }
  }

  /// Checks that the snapshot can be evaluated, and is what the manifest says.
  ///
  /// A snapshot that no client can load would put all of them on hold.
  private func checkReadable(by manifest: Manifest) throws(VerificationError) {
    let loaded: Snapshot
    do throws(SnapshotError) {
      loaded = try Snapshot(snapshot)
    } catch {
      throw VerificationError(
        error.code == .newerReader ? .unsupported : .malformed, "the snapshot cannot be loaded: \(error)")
    }
    guard loaded.environment == manifest.environment, loaded.project == manifest.project else {
      throw VerificationError(
        .mismatch, "the snapshot is of \(loaded.project), \(loaded.environment), and its manifest of another")
    }
    guard loaded.count == manifest.snapshot.flags else {
      throw VerificationError(
        .mismatch, "the snapshot has \(loaded.count) flags, and its manifest says \(manifest.snapshot.flags)")
    }
  }
}

extension PublishedStore {
  /// The project of what was published before; nil while there is nothing.
  fileprivate func project() throws(PublishingError) -> String? {
    for environment in try environments() {
      guard let bytes = try envelope(at: StorePath.latest(environment: environment)),
        let envelope = try? Envelope(parsing: bytes), let manifest = try? Manifest(payload: envelope.payload)
      else { continue }
      return manifest.project
    }
    return nil
  }
}
