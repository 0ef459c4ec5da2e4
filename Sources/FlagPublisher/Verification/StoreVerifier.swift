package import Ensign

/// Verifies what a store holds, as a client would, and what a client does not look at besides.
package struct StoreVerifier: Sendable {
  /// Reads a file of the store by its path: nil when it is not there.
  package typealias Read = @Sendable (_ path: String, _ limit: Int) throws(VerificationError) -> [UInt8]?

  private let read: Read
  private let now: Timestamp
  /// The project that the store should be of; nil believes what the manifests say.
  private let project: String?

  /// - Parameter project: the project that the manifests must name; nil lets them name any.
  package init(now: Timestamp, project: String? = nil, read: @escaping Read) {
    self.read = read
    self.now = now
    self.project = project
  }

  // MARK: - The store

  /// Verifies the chain of trust files from an anchor on, then each environment by the newest of them.
  package func verify(_ environments: [String], anchor: [UInt8]) -> StoreReport {
    let trust: TrustFile
    do throws(VerificationError) {
      trust = try newestTrust(from: anchor)
    } catch {
      return StoreReport(trust: nil, trustFailure: error, environments: [])
    }
    var report = StoreReport(trust: trust, environments: [])
    if trust.hasExpired(at: now) {
      report.trustFailure = VerificationError(
        .stale, "trust version \(trust.version) expired at \(trust.expires): nothing new is accepted under it")
    }
    report.environments = environments.map { verify($0, by: trust) }
    return report
  }

  /// The newest version of the trust file that the store's chain leads to from an anchor.
  package func newestTrust(from anchor: [UInt8]) throws(VerificationError) -> TrustFile {
    var trust = try TrustFile.anchor(anchor)
    while let next = try read(StorePath.trust(version: trust.version + 1), Envelope.maximumSize) {
      trust = try trust.successor(next)
    }
    return trust
  }

  // MARK: - An environment

  /// Verifies an environment's newest manifest, the numbered copy of it, the snapshot and its compressed variants.
  package func verify(_ environment: String, by trust: TrustFile) -> EnvironmentReport {
    let path = StorePath.latest(environment: environment)
    var report = EnvironmentReport(environment: environment)
    guard let bytes = file(path, limit: Envelope.maximumSize, in: &report) else { return report }
    verify(manifest: bytes, at: path, by: trust, into: &report)
    guard let manifest = report.manifest else { return report }
    verifyCopy(of: bytes, manifest, by: trust, into: &report)
    verifySnapshot(of: manifest, into: &report)
    return report
  }

  /// Verifies the numbered copy of the newest manifest.
  ///
  /// It may be signed at another time: a publisher that renews writes it first.
  private func verifyCopy(
    of bytes: [UInt8], _ manifest: Manifest, by trust: TrustFile, into report: inout EnvironmentReport
  ) {
    let path = StorePath.manifest(manifest)
    guard let copy = file(path, limit: Envelope.maximumSize, in: &report) else { return }
    do throws(VerificationError) {
      if copy == bytes { return report.accept(path) }
      let other = try Manifest.verified(
        copy, by: trust, project: manifest.project, environment: manifest.environment)
      guard other.sequence == manifest.sequence else {
        throw VerificationError(.mismatch, "it is of sequence \(other.sequence)")
      }
      try other.checkFollows(manifest)
      report.accept(path, as: .current, "it was signed at \(other.created), latest.json at \(manifest.created)")
    } catch {
      report.refuse(path, error)
    }
  }

  /// Verifies the envelope of a manifest: `report` then has it, and who signed.
  package func verify(
    manifest bytes: [UInt8], at path: String, by trust: TrustFile, into report: inout EnvironmentReport
  ) {
    do throws(VerificationError) {
      let envelope = try Envelope(parsing: bytes)
      let role = trust.publishRole(for: report.environment)
      report.envelope = envelope
      report.threshold = role.threshold
      report.signers = envelope.signers(among: trust.keys(of: role))
      // Without a project to expect, the one that the manifest names; its signatures decide first in any case.
      let claimed = project ?? (try? Manifest(payload: envelope.payload))?.project ?? ""
      let manifest = try Manifest.verified(bytes, by: trust, project: claimed, environment: report.environment)
      report.manifest = manifest
      let isStale = manifest.isStale(at: now)
      report.accept(path, as: isStale ? .stale : .current, isStale ? "it expired at \(manifest.expires)" : nil)
    } catch {
      report.refuse(path, error)
    }
  }

  private func verifySnapshot(of manifest: Manifest, into report: inout EnvironmentReport) {
    let path = StorePath.blob(sha256: manifest.snapshot.sha256)
    guard let bytes = file(path, limit: manifest.snapshot.size, in: &report) else { return }
    guard verify(snapshot: bytes, at: path, by: manifest, into: &report) else { return }
    for variant in SnapshotVariant.allCases {
      let path = path + variant.suffix
      // A server need not hand these out.
      guard let compressed = try? read(path, bytes.count + 4096) else { continue }
      if variant.content(of: compressed, limit: bytes.count) == bytes {
        report.accept(path)
      } else {
        report.refuse(path, VerificationError(.tampered, "it does not decompress to the snapshot"))
      }
    }
  }

  /// Verifies a snapshot: `report` then has it.
  ///
  /// - Returns: whether it is the one that the manifest names.
  @discardableResult
  package func verify(
    snapshot bytes: [UInt8], at path: String, by manifest: Manifest, into report: inout EnvironmentReport
  ) -> Bool {
    do throws(VerificationError) {
      try verify(snapshot: bytes, by: manifest)
    } catch {
      report.refuse(path, error)
      return false
    }
    report.accept(path)
    report.snapshot = bytes
    return true
  }

  /// Checks that bytes are the snapshot that a manifest names, and that this reader loads it.
  private func verify(snapshot bytes: [UInt8], by manifest: Manifest) throws(VerificationError) {
    try manifest.checkSnapshot(bytes)
    let snapshot: Snapshot
    do throws(SnapshotError) {
      snapshot = try Snapshot(bytes)
    } catch {
      throw VerificationError(error.code == .newerReader ? .unsupported : .malformed, "\(error)")
    }
    guard snapshot.project == manifest.project, snapshot.environment == manifest.environment else {
      throw VerificationError(
        .mismatch,
        "the snapshot is of '\(snapshot.project)', '\(snapshot.environment)', which its manifest does not say"
      )
    }
    guard snapshot.count == manifest.snapshot.flags else {
      throw VerificationError(
        .mismatch, "the snapshot has \(snapshot.count) flags, and its manifest says \(manifest.snapshot.flags)")
    }
  }

  /// A file that must be there; nil is noted in the report.
  private func file(_ path: String, limit: Int, in report: inout EnvironmentReport) -> [UInt8]? {
    do throws(VerificationError) {
      guard let bytes = try read(path, limit) else { throw VerificationError(.unreachable, "it is not in the store") }
      return bytes
    } catch {
      report.refuse(path, error)
      return nil
    }
  }
}
