package import Ensign

/// Where a publisher's manifests and snapshots go.
package protocol PublicationTarget: Sendable {
  /// The store, to read what was published before.
  var store: PublishedStore { get }

  /// Calls `body` while no other process of this machine publishes there, as far as that can be had.
  ///
  /// - Throws: with the code `locked` when one does.
  func whileLocked<Result>(_ body: () throws(PublishingError) -> Result) throws(PublishingError) -> Result

  /// Makes signed manifests the newest ones, all snapshots first.
  ///
  /// Only inside of ``whileLocked(_:)``.
  ///
  /// - Returns: the environments that are served as they are now; nil where nobody tells.
  func accept(_ publications: [VerifiedPublication]) throws(PublishingError) -> Set<String>?
}

/// A publication whose signatures, place and digest were checked.
package struct VerifiedPublication: Sendable {
  package var manifest: Manifest
  package var signed: SignedPublication
}

extension PublishedStore: PublicationTarget {
  package var store: PublishedStore { self }

  @discardableResult
  package func accept(_ publications: [VerifiedPublication]) throws(PublishingError) -> Set<String>? {
    try removeLeftovers(of: publications.map(\.manifest.environment))
    try write(
      publications.compactMap { publication in
        publication.signed.snapshot.map { ($0, publication.manifest.snapshot.sha256) }
      })
    // Nearly all of that is waiting for the disk.
    try Concurrency.run(publications.count, threads: min(publications.count, 8)) { index throws(PublishingError) in
      try write(publications[index])
    }
    return nil
  }

  /// Writes the numbered manifest, then `latest.json`: a reader finds the old one or the new one.
  private func write(_ publication: VerifiedPublication) throws(PublishingError) {
    let manifest = publication.manifest
    for path in [StorePath.manifest(manifest), StorePath.latest(environment: manifest.environment)] {
      try storage { () throws(StorageError) in
        try files.replace(path, with: publication.signed.envelope, mode: Self.mode)
      }
    }
  }
}
