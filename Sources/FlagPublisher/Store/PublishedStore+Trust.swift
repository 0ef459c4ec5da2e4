package import Ensign

/// A version of the trust file, verified, with the bytes that were verified.
package struct TrustVersion: Hashable, Sendable {
  package var file: TrustFile
  package var envelope: Envelope

  package init(file: TrustFile, envelope: Envelope) {
    self.file = file
    self.envelope = envelope
  }
}

extension PublishedStore {
  /// The chain of trust files, from the first or from a given one to the newest, each verified by the one before.
  ///
  /// - Parameters:
  ///   - anchor: the bytes of the trust file to begin with; nil begins with the store's first version, which is then
  ///     believed as it stands.
  /// - Returns: at least one version.
  /// - Throws: with the code `noTrust` when there is no first version, or one that does not follow.
  package func trustChain(from anchor: [UInt8]? = nil) throws(PublishingError) -> [TrustVersion] {
    var chain: [TrustVersion] = []
    let stored = anchor == nil ? try envelope(at: StorePath.trust(version: 1)) : nil
    guard let first = anchor ?? stored else {
      throw PublishingError(
        .noTrust, "the store \(name) has no \(StorePath.trust(version: 1)): nobody says whose signature counts",
        help: "make one with ensign trust init, or check the path of the store")
    }
    try chain.append(
      verified(first, by: { bytes throws(VerificationError) in try TrustFile.anchor(bytes) }, "trust file"))
    while let last = chain.last, chain.count < Self.longestChain {
      let path = StorePath.trust(version: last.file.version + 1)
      guard let next = try envelope(at: path) else { break }
      try chain.append(
        verified(next, by: { bytes throws(VerificationError) in try last.file.successor(bytes) }, path))
    }
    return chain
  }

  /// More versions than these are a mistake, or an attack on the reader's patience.
  static let longestChain = 10_000

  private func verified(
    _ bytes: [UInt8], by verify: ([UInt8]) throws(VerificationError) -> TrustFile, _ path: String
  ) throws(PublishingError) -> TrustVersion {
    do throws(VerificationError) {
      return TrustVersion(file: try verify(bytes), envelope: try Envelope(parsing: bytes))
    } catch {
      throw PublishingError(
        .noTrust, "\(path) of the store \(name) is \(error)",
        help: "restore it from a back-up; nobody can make a new one without the root keys")
    }
  }

  /// Adds a version of the trust file to the chain: the first, or one that follows the newest.
  ///
  /// - Throws: with the code `signatures` while signatures are missing, `exists` when another file took its place.
  package func install(_ envelope: Envelope) throws(PublishingError) -> TrustFile {
    try whileLocked { () throws(PublishingError) in
      let draft = try TrustDraft(envelope, in: self)
      guard draft.isComplete else {
        throw PublishingError(
          .signatures, "trust version \(draft.file.version) is not signed by enough root keys", helps: draft.missing)
      }
      let bytes = envelope.bytes
      try draft.verify(bytes)
      let path = StorePath.trust(version: draft.file.version)
      let isNew = try storage { () throws(StorageError) in try files.create(path, with: bytes, mode: Self.mode) }
      guard isNew else {
        throw PublishingError(
          .exists, "the store \(name) has a \(path) already", help: "ensign trust rotate makes the next version")
      }
      return draft.file
    }
  }
}

extension PublishedStore {
  /// The newest version of the trust file.
  package func newestTrust() throws(PublishingError) -> TrustFile {
    guard let newest = try trustChain().last else { throw PublishingError(.noTrust, "the store has no trust file") }
    return newest.file
  }

  /// Refuses a store that has a trust file already.
  package func requireEmptyTrust() throws(PublishingError) {
    guard try envelope(at: StorePath.trust(version: 1)) == nil else {
      throw PublishingError(
        .exists, "the store \(name) has a \(StorePath.trust(version: 1)) already",
        help: "ensign trust rotate makes the next version")
    }
  }
}
