package import Ensign

internal import enum FlagSource.KeyCharacters

/// Takes publications that were signed elsewhere into a store, as suspicious as a client.
///
/// It holds no key. What it takes in, every client would take, too: signed by enough keys of the newest trust file, in
/// force, newer than what was published before, with the very bytes that the manifest names, which load.
package struct PublicationIntake: Sendable {
  private let store: PublishedStore
  private let anchor: [UInt8]?
  private let now: Timestamp

  /// The intake of a store, at a moment.
  ///
  /// - Parameter anchor: the bytes of the trust file to begin with; nil begins with the store's first.
  package init(into store: PublishedStore, anchor: [UInt8]? = nil, now: Timestamp) {
    self.store = store
    self.anchor = anchor
    self.now = now
  }

  /// The environments of publications, as they claim, before anything is verified: to see whether the sender may.
  package static func claimedEnvironments(of publications: [SignedPublication]) throws(PublishingError) -> [String] {
    try publications.map { publication throws(PublishingError) in try claim(of: publication).environment }
  }

  /// Verifies publications, and publishes them: all or none.
  ///
  /// - Returns: what became of each; one that is there already counts as renewed.
  /// - Throws: with the code `signatures`, `notNewer`, `tooLarge` or `invalidRequest` when one is refused; nothing has
  ///   changed then.
  package func accept(_ publications: [SignedPublication]) throws(PublishingError) -> [PublishedManifest] {
    try store.whileLocked { () throws(PublishingError) in
      let chain = try store.trustChain(from: anchor)
      var accepted: [VerifiedPublication] = []
      var results: [PublishedManifest] = []
      for publication in publications {
        let (verified, result) = try verify(publication, chain)
        guard !results.contains(where: { $0.manifest.environment == result.manifest.environment }) else {
          throw PublishingError(.invalidRequest, "the environment '\(result.manifest.environment)' is there twice")
        }
        if let verified { accepted.append(verified) }
        results.append(result)
      }
      try store.accept(accepted)
      return results
    }
  }

  private static func claim(of publication: SignedPublication) throws(PublishingError) -> Manifest {
    do throws(VerificationError) {
      return try Manifest(payload: Envelope(parsing: publication.envelope).payload)
    } catch {
      throw PublishingError(.invalidRequest, "a manifest cannot be read: \(error)")
    }
  }

  /// A publication that may be written, and what is to be said of it; nothing to write when it is there already.
  private func verify(
    _ publication: SignedPublication, _ chain: [TrustVersion]
  ) throws(PublishingError) -> (VerifiedPublication?, PublishedManifest) {
    guard let trust = chain.last?.file, !trust.hasExpired(at: now) else {
      throw PublishingError(.noTrust, "the newest trust file has expired: clients accept nothing new under it")
    }
    let claim = try Self.claim(of: publication)
    // It becomes the name of a folder.
    if let problem = KeyCharacters.problem(in: claim.environment) {
      throw PublishingError(.invalidRequest, "the manifest's environment is no name of one: \(problem)")
    }
    let project = try project() ?? claim.project
    let newest = try store.newestManifest(of: claim.environment, project: project, chain: chain)?.manifest
    let (manifest, succession, signers) = try Self.verify(publication, by: trust, project, claim.environment, newest)
    guard !manifest.isStale(at: now) else {
      throw PublishingError(.signatures, "the manifest of '\(manifest.environment)' expired at \(manifest.expires)")
    }
    let result = PublishedManifest(
      outcome: succession == .newer ? .published : .renewed, manifest: manifest, signers: signers)
    if succession == .same { return (nil, result) }
    let snapshot = try snapshot(of: manifest, in: publication)
    let signed = SignedPublication(envelope: publication.envelope, snapshot: snapshot)
    return (VerifiedPublication(manifest: manifest, signed: signed), result)
  }

  /// The project of what was published before; nil in an empty store.
  private func project() throws(PublishingError) -> String? {
    for environment in try store.environments() {
      guard let bytes = try store.envelope(at: StorePath.latest(environment: environment)) else { continue }
      if let payload = try? Envelope(parsing: bytes).payload, let manifest = try? Manifest(payload: payload) {
        return manifest.project
      }
    }
    return nil
  }

  private static func verify(
    _ publication: SignedPublication, by trust: TrustFile, _ project: String, _ environment: String, _ newest: Manifest?
  ) throws(PublishingError) -> (Manifest, Manifest.Succession, signers: [PublicKey]) {
    do throws(VerificationError) {
      let manifest = try Manifest.verified(
        publication.envelope, by: trust, project: project, environment: environment)
      let signers = try Envelope(parsing: publication.envelope)
        .signers(among: trust.keys(of: trust.publishRole(for: environment)))
      return (manifest, try manifest.checkFollows(newest), signers)
    } catch {
      throw refusal(of: environment, error)
    }
  }

  /// The bytes to write: checked against the manifest, and loaded as a client will.
  ///
  /// - Returns: nil when the store has them.
  private func snapshot(
    of manifest: Manifest, in publication: SignedPublication
  ) throws(PublishingError) -> [UInt8]? {
    let path = StorePath.blob(sha256: manifest.snapshot.sha256)
    let there = publication.snapshot == nil ? try store.read(path, limit: manifest.snapshot.size) : nil
    guard let bytes = publication.snapshot ?? there else {
      throw PublishingError(
        .invalidRequest, "the snapshot of '\(manifest.environment)' is neither there nor sent", help: "send it along")
    }
    do throws(VerificationError) {
      try manifest.checkSnapshot(bytes)
    } catch {
      throw Self.refusal(of: manifest.environment, error)
    }
    let snapshot: Snapshot
    do throws(SnapshotError) {
      snapshot = try Snapshot(bytes)
    } catch {
      throw PublishingError(.invalidRequest, "the snapshot of '\(manifest.environment)' does not load: \(error)")
    }
    guard snapshot.environment == manifest.environment, snapshot.project == manifest.project else {
      throw PublishingError(.invalidRequest, "the snapshot is of another project or environment than its manifest")
    }
    return publication.snapshot
  }

  private static func refusal(of environment: String, _ error: VerificationError) -> PublishingError {
    switch error.status {
    case .rollback, .equivocation:
      PublishingError(.notNewer, "clients would refuse '\(environment)': \(error.message)")
    case .oversized: PublishingError(.tooLarge, "clients would refuse '\(environment)': \(error.message)")
    default: PublishingError(.signatures, "clients would refuse '\(environment)': \(error)")
    }
  }
}
