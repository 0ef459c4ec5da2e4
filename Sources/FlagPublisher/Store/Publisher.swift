package import Ensign

/// Signs manifests and writes them into a store.
package struct Publisher: Sendable {
  /// The store, to read what was published before.
  package var store: PublishedStore { target.store }
  private let target: any PublicationTarget
  /// The verified chain of trust files, the newest last; not empty.
  private let chain: [TrustVersion]
  private let trust: TrustFile
  private let keys: [SigningKey]
  private let compiler: Manifest.Compiler
  /// The time of signing, to the second.
  private let now: Timestamp
  /// How long a manifest is current, in milliseconds.
  private let lifetime: Int64

  /// - Parameters:
  ///   - target: where it goes: a store in a folder, or one behind a server.
  ///   - anchor: the bytes of the trust file to begin with; nil begins with the store's first.
  ///   - compiler: what manifests name as the program.
  /// - Throws: when the store has no chain of trust, the newest trust file has expired, or a key is none of its
  ///   publish keys.
  package init(
    to target: any PublicationTarget, anchor: [UInt8]?, keys: [SigningKey], compiler: Manifest.Compiler, now: Timestamp,
    lifetime: Int64
  ) throws(PublishingError) {
    self.target = target
    self.keys = keys
    self.compiler = compiler
    self.now = Timestamp(milliseconds: now.milliseconds / 1000 * 1000)
    self.lifetime = lifetime
    chain = try target.store.trustChain(from: anchor)
    guard let trust = chain.last?.file else { throw PublishingError(.noTrust, "the store has no trust file") }
    self.trust = trust
    guard !trust.hasExpired(at: now) else {
      throw PublishingError(
        .noTrust, "trust version \(trust.version) expired at \(trust.expires): clients accept nothing new under it",
        help: "make the next version with the root keys: ensign trust rotate --expires-in 365d")
    }
    let known = Set(trust.publish.keyIDs + trust.environments.values.flatMap(\.keyIDs))
    for key in keys where !known.contains(key.publicKey.id) {
      throw PublishingError(
        .signatures, "the key \(key.publicKey.id) is no publish key of trust version \(trust.version)",
        help: "ensign trust show \(store.name) lists the keys")
    }
  }

  /// The newest version of the trust file.
  package var trustFile: TrustFile { trust }

  // MARK: - Publishing

  /// Publishes snapshots: all of them are written before the first manifest names one.
  ///
  /// Nothing is written unless every environment may be published: signed by enough keys, and following what was
  /// published before.
  ///
  /// - Parameter isAncestor: whether a commit, by its id, is the published one or before it.
  package func publish(
    _ publication: Publication, isAncestor: (_ commit: String) throws(PublishingError) -> Bool
  ) throws(PublishingError) -> [PublishedManifest] {
    return try target.whileLocked { () throws(PublishingError) in
      var signed: [Signed] = []
      for candidate in publication.snapshots {
        let newest = try store.newestManifest(
          of: candidate.environment, project: publication.project, chain: chain)
        let manifest = try self.manifest(
          of: candidate, in: publication, after: newest, isAncestor: isAncestor)
        let outcome: PublishedManifest.Outcome = Self.isRenewal(manifest, of: newest) ? .renewed : .published
        signed.append(try sign(manifest, outcome))
      }
      return try accept(signed, zip(signed, publication.snapshots).map { $0.publication(of: $1.bytes) })
    }
  }

  /// Signs the newest manifests of environments again, so that they do not expire.
  package func renew(_ environments: [String]) throws(PublishingError) -> [PublishedManifest] {
    try target.whileLocked { () throws(PublishingError) in
      var signed: [Signed] = []
      for environment in environments {
        let newest = try renewable(environment)
        var manifest = newest.manifest
        (manifest.created, manifest.expires) = try times(after: manifest)
        signed.append(try sign(manifest, .renewed))
        try checkBlob(of: manifest)
      }
      return try accept(signed, signed.map { $0.publication(of: nil) })
    }
  }

  private func accept(
    _ signed: [Signed], _ publications: [VerifiedPublication]
  ) throws(PublishingError) -> [PublishedManifest] {
    let served = try target.accept(publications)
    return signed.map { signed in
      var result = signed.result
      result.isServed = served.map { $0.contains(result.manifest.environment) }
      return result
    }
  }

  private func renewable(_ environment: String) throws(PublishingError) -> SignedManifest {
    // Its project is its own: there is no tree here that could say another.
    let path = StorePath.latest(environment: environment)
    guard let bytes = try store.envelope(at: path), let envelope = try? Envelope(parsing: bytes),
      let project = try? Manifest(payload: envelope.payload).project
    else {
      throw PublishingError(
        .unpublished, "the store \(store.name) has no manifest of the environment '\(environment)' to renew",
        help: "publish it first: ensign publish --environment \(environment)")
    }
    guard let newest = try store.newestManifest(of: environment, project: project, chain: chain),
      newest.manifest.epoch == trust.epoch
    else {
      throw PublishingError(
        .unpublished, "the manifest of '\(environment)' is of an epoch that is over",
        help: "publish it again: ensign publish --environment \(environment)")
    }
    try checkIsTrusted(newest)
    return newest
  }

  /// Checks that keys that are trusted now signed a manifest.
  ///
  /// One that was removed may have been stolen: signing what it signed, unseen, would make that trusted again.
  private func checkIsTrusted(_ newest: SignedManifest) throws(PublishingError) {
    let environment = newest.manifest.environment
    do throws(VerificationError) {
      _ = try Manifest.verified(
        newest.envelope.bytes, by: trust, project: newest.manifest.project, environment: environment)
    } catch {
      throw PublishingError(
        .signatures, "the manifest of '\(environment)' was signed by keys that are not trusted any more",
        help: "publish it again from its commit: ensign publish --environment \(environment)")
    }
  }

  /// Checks that the snapshot is there, and the right one: a manifest without it would be of no use.
  private func checkBlob(of manifest: Manifest) throws(PublishingError) {
    let path = StorePath.blob(sha256: manifest.snapshot.sha256)
    let bytes = try store.read(path, limit: manifest.snapshot.size)
    do throws(VerificationError) {
      guard let bytes else { throw VerificationError(.unreachable, "it is not there") }
      try manifest.checkSnapshot(bytes)
    } catch {
      throw PublishingError(
        .damagedStore, "the snapshot \(path) of the store \(store.name) cannot be renewed: \(error.message)",
        help: "publish the commit \(manifest.source.commit) again")
    }
  }

  // MARK: - The manifest

  private func manifest(
    of candidate: Publication.Candidate, in publication: Publication, after newest: SignedManifest?,
    isAncestor: (String) throws(PublishingError) -> Bool
  ) throws(PublishingError) -> Manifest {
    var manifest = Manifest(
      project: publication.project, environment: candidate.environment, epoch: trust.epoch,
      sequence: publication.sequence, created: now, expires: Timestamp(milliseconds: now.milliseconds + lifetime),
      source: publication.source, compiler: compiler,
      snapshot: .init(
        sha256: candidate.sha256, size: candidate.bytes.count, flags: candidate.flagCount,
        minimumReader: candidate.minimumReader),
      previous: newest.map { .init(sequence: $0.manifest.sequence, sha256: $0.digest) },
      isDirty: publication.isDirty)
    guard let newest, newest.manifest.epoch == trust.epoch else { return manifest }
    try checkOrder(of: manifest, after: newest.manifest, isAncestor: isAncestor)
    if Self.isRenewal(manifest, of: newest) {
      manifest.previous = newest.manifest.previous
      (manifest.created, manifest.expires) = try times(after: newest.manifest)
    }
    return manifest
  }

  private static func isRenewal(_ manifest: Manifest, of newest: SignedManifest?) -> Bool {
    manifest.epoch == newest?.manifest.epoch && manifest.sequence == newest?.manifest.sequence
  }

  private func checkOrder(
    of manifest: Manifest, after newest: Manifest, isAncestor: (String) throws(PublishingError) -> Bool
  ) throws(PublishingError) {
    let last = "\(newest.source.commit.prefix(12)), sequence \(newest.sequence)"
    let environment = manifest.environment
    if manifest.sequence < newest.sequence {
      throw PublishingError(
        .notNewer,
        "'\(environment)' was published at \(last); \(manifest.source.commit.prefix(12)) is older, with sequence "
          + "\(manifest.sequence), and clients would refuse it",
        help: "to go back, make a new commit: git revert",
        "if the branch was rewritten on purpose, begin a new epoch: ensign trust rotate --new-epoch")
    }
    guard try isAncestor(newest.source.commit) else {
      throw PublishingError(
        .notNewer,
        "'\(environment)' was published at \(last), and \(manifest.source.commit.prefix(12)) does not follow it",
        help: "publish from the branch that was published before (\(newest.source.ref))",
        "if that branch was rewritten on purpose, begin a new epoch: ensign trust rotate --new-epoch")
    }
    if manifest.sequence == newest.sequence, manifest.snapshot.sha256 != newest.snapshot.sha256 {
      throw PublishingError(
        .notNewer,
        "'\(environment)' was published at \(last) with another snapshot: clients would take this one for a forgery",
        help: newest.isDirty || manifest.isDirty
          ? "commit the change, then publish the commit"
          : "it was compiled by \(newest.compiler.name) \(newest.compiler.version): publish a new commit")
    }
  }

  /// When a manifest that is signed again was made, and when it expires.
  ///
  /// It must be younger than the one it replaces, or clients keep that one's `expires`.
  private func times(after newest: Manifest) throws(PublishingError) -> (Timestamp, Timestamp) {
    let earliest = newest.created.milliseconds + 1000
    guard now.milliseconds >= earliest - 300_000 else {
      throw PublishingError(
        .notNewer, "'\(newest.environment)' was signed at \(newest.created), and it is \(now) by this machine's clock",
        help: "set the clock")
    }
    let created = max(now.milliseconds, earliest)
    return (Timestamp(milliseconds: created), Timestamp(milliseconds: created + lifetime))
  }

  // MARK: - Signing

  private struct Signed {
    var result: PublishedManifest
    var bytes: [UInt8]

    /// With the snapshot's bytes; nil when the store has them.
    func publication(of snapshot: [UInt8]?) -> VerifiedPublication {
      VerifiedPublication(manifest: result.manifest, signed: .init(envelope: bytes, snapshot: snapshot))
    }
  }

  /// Signs a manifest with the keys that count for it, and verifies the result as a client will.
  private func sign(
    _ manifest: Manifest, _ outcome: PublishedManifest.Outcome
  ) throws(PublishingError) -> Signed {
    let role = trust.publishRole(for: manifest.environment)
    var envelope = Envelope(payload: manifest.payload, payloadType: Manifest.payloadType)
    for key in keys where role.keyIDs.contains(key.publicKey.id) { envelope.sign(with: key) }
    let signers = envelope.signers(among: trust.keys(of: role))
    guard signers.count >= role.threshold else {
      let missing = role.keyIDs.filter { id in !signers.contains { $0.id == id } }
      throw PublishingError(
        .signatures,
        "'\(manifest.environment)' needs \(role.threshold) signatures, and the keys at hand give \(signers.count)",
        help: "name more keys with --key, of \(missing.joined(separator: ", "))")
    }
    let bytes = envelope.bytes
    do throws(VerificationError) {
      let verified = try Manifest.verified(
        bytes, by: trust, project: manifest.project, environment: manifest.environment)
      guard verified == manifest else {
        throw VerificationError(.malformed, "the manifest reads differently from how it was written")
      }
    } catch {
      throw PublishingError(.damagedStore, "clients would refuse '\(manifest.environment)': \(error)")
    }
    return Signed(result: PublishedManifest(outcome: outcome, manifest: manifest, signers: signers), bytes: bytes)
  }
}
