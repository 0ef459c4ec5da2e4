package import Ensign

/// A version of the trust file on its way to enough signatures.
package struct TrustDraft: Sendable {
  /// What is signed.
  package let file: TrustFile
  /// The version before it, whose root keys must sign too; nil for the first.
  package let predecessor: TrustFile?
  /// The file with the signatures that it has.
  package private(set) var envelope: Envelope

  /// A new draft, without signatures.
  package init(_ file: TrustFile, after predecessor: TrustFile?) throws(PublishingError) {
    self.file = file
    self.predecessor = predecessor
    envelope = Envelope(payload: file.payload, payloadType: TrustFile.payloadType)
    // What no reader would take is not offered for signing.
    _ = try Self.read(envelope)
  }

  /// A draft with what signatures it has, for a store whose newest version it follows.
  package init(_ envelope: Envelope, in store: PublishedStore) throws(PublishingError) {
    let file = try Self.read(envelope)
    guard file.version > 1 else {
      self.init(file: file, predecessor: nil, envelope: envelope)
      return
    }
    guard let newest = try store.trustChain().last?.file else { throw Self.wrongPlace(file, nil, store) }
    guard newest.version == file.version - 1 else { throw Self.wrongPlace(file, newest, store) }
    self.init(file: file, predecessor: newest, envelope: envelope)
  }

  /// A draft whose predecessor is not at hand: its own root keys alone can sign it.
  package init(_ envelope: Envelope) throws(PublishingError) {
    self.init(file: try Self.read(envelope), predecessor: nil, envelope: envelope)
  }

  private init(file: TrustFile, predecessor: TrustFile?, envelope: Envelope) {
    self.file = file
    self.predecessor = predecessor
    self.envelope = envelope
  }

  private static func wrongPlace(_ file: TrustFile, _ newest: TrustFile?, _ store: PublishedStore) -> PublishingError {
    PublishingError(
      .exists,
      "the draft is trust version \(file.version), and the store \(store.name) has version \(newest?.version ?? 0)",
      help: "make a new draft with ensign trust rotate")
  }

  private static func read(_ envelope: Envelope) throws(PublishingError) -> TrustFile {
    guard envelope.payloadType == TrustFile.payloadType else {
      throw PublishingError(.invalidRequest, "it is no trust file, but a '\(envelope.payloadType)'")
    }
    do throws(VerificationError) {
      return try TrustFile(payload: envelope.payload)
    } catch {
      throw PublishingError(.invalidRequest, "it is no valid trust file: \(error.message)")
    }
  }

  // MARK: - Signatures

  /// A root role that has to sign, and who of it did.
  package struct Requirement: Sendable {
    /// The version whose root keys these are.
    package let version: Int
    package let threshold: Int
    package let keys: [PublicKey]
    package let signers: [PublicKey]

    /// How many signatures are missing.
    package var missingCount: Int { max(0, threshold - signers.count) }
  }

  /// The root keys of the version before, and its own.
  package var requirements: [Requirement] {
    [predecessor, file].compactMap { trust in
      guard let trust else { return nil }
      let keys = trust.keys(of: trust.root)
      return Requirement(
        version: trust.version, threshold: trust.root.threshold, keys: keys, signers: envelope.signers(among: keys))
    }
  }

  /// Whether everybody signed who has to.
  package var isComplete: Bool { requirements.allSatisfy { $0.missingCount == 0 } }

  /// Whose signatures are missing, a line for each role.
  package var missing: [String] {
    requirements.filter { $0.missingCount > 0 }.map { requirement in
      let rest = requirement.keys.filter { !requirement.signers.contains($0) }.map(\.id)
      return
        "root of version \(requirement.version): \(requirement.missingCount) more of \(rest.joined(separator: ", "))"
    }
  }

  /// Adds the signature of a key.
  ///
  /// - Throws: when no role asks for it: nobody should sign what does not need it.
  package mutating func sign(with key: SigningKey) throws(PublishingError) {
    guard requirements.contains(where: { $0.keys.contains(key.publicKey) }) else {
      throw PublishingError(
        .signatures,
        "the key \(key.publicKey.id) is no root key of trust version \(file.version)"
          + (file.version > 1 && predecessor == nil ? ", and the version before it is not known" : ""),
        help: file.version > 1 && predecessor == nil
          ? "name the store with --store: the root keys of its newest version sign too"
          : "ensign trust show lists the root keys")
    }
    envelope.sign(with: key)
  }

  /// Verifies what was made as a reader will.
  func verify(_ bytes: [UInt8]) throws(PublishingError) {
    do throws(VerificationError) {
      guard let predecessor else {
        _ = try TrustFile.anchor(bytes)
        return
      }
      _ = try predecessor.successor(bytes)
    } catch {
      throw PublishingError(.signatures, "readers would refuse the trust file: \(error)")
    }
  }
}
