package import Ensign

/// A manifest with the envelope that it came in.
package struct SignedManifest: Hashable, Sendable {
  package var manifest: Manifest
  package var envelope: Envelope

  /// The digest of the payload, by which the next manifest names this one.
  var digest: String { SHA256.hexadecimal(envelope.payload) }
}

extension PublishedStore {
  /// The newest manifest of an environment that a client may have accepted; nil when there never was one.
  ///
  /// That is `latest.json`, or a numbered manifest beyond it: a publisher was killed before it got to `latest.json`.
  /// A manifest of the trust file's epoch must be signed as some version of that epoch demands; one of an epoch that is
  /// over is taken as it is, because clients refuse it anyway.
  ///
  /// - Throws: with the code `damagedStore` when what stands there is not to be relied on.
  package func newestManifest(
    of environment: String, project: String, chain: [TrustVersion]
  ) throws(PublishingError) -> SignedManifest? {
    guard let epoch = chain.last?.file.epoch else { return nil }
    var newest: SignedManifest?
    let latest = StorePath.latest(environment: environment)
    if let bytes = try envelope(at: latest) {
      newest = try manifest(bytes, at: latest, of: environment, project: project, chain: chain)
    }
    let sequence = try numberedSequences(of: environment, epoch: epoch).last
    let reached = newest.map { $0.manifest.epoch == epoch ? $0.manifest.sequence : 0 } ?? 0
    guard let sequence, sequence > reached else { return newest }
    let path = StorePath.manifest(environment: environment, epoch: epoch, sequence: sequence)
    guard let bytes = try envelope(at: path) else { return newest }
    return try manifest(bytes, at: path, of: environment, project: project, chain: chain)
  }

  /// The sequences of the numbered manifests of an epoch, ascending.
  func numberedSequences(of environment: String, epoch: Int) throws(PublishingError) -> [Int] {
    let first = StorePath.manifest(environment: environment, epoch: epoch, sequence: 1)
    let folder = first.split(separator: "/").dropLast().joined(separator: "/")
    let names = try storage { () throws(StorageError) in try files.list(folder) }
    return names.compactMap { name in
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0] == String(epoch), parts[2] == "json" else { return nil }
      return Int(parts[1])
    }.sorted()
  }

  private func manifest(
    _ bytes: [UInt8], at path: String, of environment: String, project: String, chain: [TrustVersion]
  ) throws(PublishingError) -> SignedManifest {
    do throws(VerificationError) {
      return try Self.manifest(bytes, of: environment, project: project, chain: chain)
    } catch {
      throw PublishingError(
        .damagedStore, "\(path) of the store \(name) is \(error)",
        help: "put back the right one, from a back-up or from the folder manifests beside it",
        "if a stolen key signed it, begin a new epoch: ensign trust rotate --new-epoch")
    }
  }

  private static func manifest(
    _ bytes: [UInt8], of environment: String, project: String, chain: [TrustVersion]
  ) throws(VerificationError) -> SignedManifest {
    let envelope = try Envelope(parsing: bytes)
    let claimed = try Manifest(payload: envelope.payload)
    guard let current = chain.last?.file, claimed.epoch >= current.epoch else {
      return SignedManifest(manifest: claimed, envelope: envelope)
    }
    // Its keys may have been replaced since, within the epoch: clients accepted it all the same.
    for version in chain.reversed() where version.file.epoch == claimed.epoch {
      if let manifest = try? Manifest.verified(bytes, by: version.file, project: project, environment: environment) {
        return SignedManifest(manifest: manifest, envelope: envelope)
      }
    }
    let manifest = try Manifest.verified(bytes, by: current, project: project, environment: environment)
    return SignedManifest(manifest: manifest, envelope: envelope)
  }
}
