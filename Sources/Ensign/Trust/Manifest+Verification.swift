extension Manifest {
  /// The manifest in an envelope: for a project and an environment, of the epoch of the trust file, and signed by enough
  /// of the keys that it trusts to publish that environment.
  ///
  /// Signatures are verified before anything in the payload is read. Whether it is newer than one accepted before is
  /// another question: ``checkFollows(_:)``.
  public static func verified(
    _ envelope: [UInt8], by trust: TrustFile, project: String, environment: String
  ) throws(VerificationError) -> Manifest {
    let envelope = try Envelope(parsing: envelope)
    let role = trust.publishRole(for: environment)
    try envelope.require(
      type: payloadType, signedBy: trust.keys(of: role), threshold: role.threshold,
      as: "publish of trust version \(trust.version)")
    let manifest = try Manifest(payload: envelope.payload)
    guard manifest.project == project else {
      throw VerificationError(.mismatch, "the manifest is of the project '\(manifest.project)', not '\(project)'")
    }
    guard manifest.environment == environment else {
      throw VerificationError(
        .mismatch, "the manifest is of the environment '\(manifest.environment)', not '\(environment)'")
    }
    guard manifest.epoch == trust.epoch else {
      throw VerificationError(
        .mismatch, "the manifest is of epoch \(manifest.epoch), and trust version \(trust.version) of \(trust.epoch)")
    }
    return manifest
  }

  /// What a manifest is to the newest one that was accepted before.
  public enum Succession: Hashable, Sendable {
    /// It is of a later sequence or epoch, or the first.
    case newer
    /// It is the same snapshot at the same place, signed later: its `expires` counts from now on.
    case renewed
    /// It is the same one, or an earlier signing of it: nothing changes.
    case same
  }

  /// Checks that nobody plays an older manifest again, or a second one for the same place.
  ///
  /// - Parameter newest: the newest manifest that was accepted before; nil when there was none.
  /// - Throws: ``ClientStatus/rollback`` or ``ClientStatus/equivocation``.
  @discardableResult
  public func checkFollows(_ newest: Manifest?) throws(VerificationError) -> Succession {
    guard let newest, epoch <= newest.epoch else { return .newer }
    guard epoch == newest.epoch else {
      throw VerificationError(.rollback, "epoch \(epoch) is over: epoch \(newest.epoch) was accepted before")
    }
    guard sequence >= newest.sequence else {
      throw VerificationError(
        .rollback, "sequence \(sequence) is older than \(newest.sequence), which was accepted before")
    }
    guard sequence == newest.sequence else { return .newer }
    guard snapshot.sha256 == newest.snapshot.sha256 else {
      throw VerificationError(
        .equivocation,
        "epoch \(epoch), sequence \(sequence) was the snapshot \(newest.snapshot.sha256), and is now "
          + snapshot.sha256)
    }
    return created > newest.created ? .renewed : .same
  }

  /// Checks that bytes are the snapshot that the manifest names: first how many they are, then their digest.
  ///
  /// - Throws: ``ClientStatus/oversized`` or ``ClientStatus/tampered``.
  public func checkSnapshot(_ bytes: [UInt8]) throws(VerificationError) {
    guard bytes.count <= snapshot.size else {
      throw VerificationError(.oversized, "the snapshot has \(bytes.count) bytes instead of \(snapshot.size)")
    }
    let digest = SHA256.hexadecimal(bytes)
    guard bytes.count == snapshot.size, digest == snapshot.sha256 else {
      throw VerificationError(
        .tampered,
        "the snapshot has \(bytes.count) bytes with the digest \(digest), and the manifest names "
          + "\(snapshot.size) with \(snapshot.sha256)")
    }
  }
}
