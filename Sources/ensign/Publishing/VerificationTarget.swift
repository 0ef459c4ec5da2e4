internal import Ensign
internal import FlagPublisher

/// What is to be verified.
struct VerificationTarget {
  /// A file, a folder or an address.
  let operand: String
  /// The bytes of the trust file that the user relies on.
  let anchor: [UInt8]
  let anchorPath: String
  let environments: [String]
  let project: String?
  /// The file of a snapshot.
  let snapshot: String?
  let tokenFile: String?
  let now: Timestamp

  /// What the operand turns out to be.
  private enum Kind {
    case store(any StoreReader, environments: [String])
    case file(Envelope, [UInt8])
  }

  // MARK: - Verifying

  /// Verifies the target.
  func verify(in session: Session) throws(CommandError) -> StoreReport {
    switch try kind(in: session) {
    case .store(let store, let environments):
      return verifier(of: store).verify(environments, anchor: anchor)
    case .file(let envelope, let bytes):
      return envelope.payloadType == TrustFile.payloadType
        ? verify(trustFile: bytes) : try verify(manifest: envelope, bytes, in: session)
    }
  }

  private func verifier(of store: any StoreReader) -> StoreVerifier {
    StoreVerifier(now: now, project: project, read: StoreVerifier.reading(store))
  }

  private func verify(trustFile bytes: [UInt8]) -> StoreReport {
    do throws(VerificationError) {
      let trust = try TrustFile.anchor(anchor)
      let file = bytes == anchor ? trust : try trust.successor(bytes)
      var report = StoreReport(trust: file)
      report.isOfTrustAlone = true
      if file.hasExpired(at: now) {
        report.trustFailure = VerificationError(.stale, "trust version \(file.version) expired at \(file.expires)")
      }
      return report
    } catch {
      return StoreReport(trust: nil, trustFailure: error)
    }
  }

  private func verify(
    manifest envelope: Envelope, _ bytes: [UInt8], in session: Session
  ) throws(CommandError) -> StoreReport {
    let verifier = StoreVerifier(now: now, project: project) { _, _ in nil }
    let trust: TrustFile
    do throws(VerificationError) {
      trust = try TrustFile.anchor(anchor)
    } catch {
      return StoreReport(trust: nil, trustFailure: error)
    }
    var report = EnvironmentReport(environment: environment(named: envelope))
    verifier.verify(manifest: bytes, at: operand, by: trust, into: &report)
    if let snapshot, let manifest = report.manifest {
      let content = try read(snapshot, limit: SnapshotLimits.size, in: session)
      verifier.verify(snapshot: content, at: snapshot, by: manifest, into: &report)
    }
    return StoreReport(trust: trust, environments: [report])
  }

  /// The environment that was asked for, or the one that the manifest claims.
  private func environment(named envelope: Envelope) -> String {
    environments.first ?? (try? Manifest(payload: envelope.payload))?.environment ?? ""
  }

  // MARK: - Explaining

  /// A script that verifies the target with other programs.
  func script(in session: Session) throws(CommandError) -> String {
    switch try kind(in: session) {
    case .file(let envelope, _):
      let path = session.console.absolute(operand)
      return try script(of: envelope, at: path, snapshot: snapshot.map(session.console.absolute), in: session)
    case .store(let store, let environments):
      guard store is FolderStore else {
        throw .usage("--explain needs files: fetch the store first, such as with wget, or name a folder")
      }
      guard environments.count == 1, let environment = environments.first else {
        throw .usage("--explain is about one environment: --environment NAME")
      }
      let path = FileSystem.join(session.console.absolute(operand), StorePath.latest(environment: environment))
      let envelope = try envelope(at: path, in: session)
      let digest = (try? Manifest(payload: envelope.payload))?.snapshot.sha256
      let snapshot = digest.map {
        FileSystem.join(session.console.absolute(operand), StorePath.blob(sha256: $0))
      }
      return try script(of: envelope, at: path, snapshot: snapshot, in: session, by: newestTrust(store))
    }
  }

  private func newestTrust(_ store: any StoreReader) throws(CommandError) -> TrustFile {
    do throws(VerificationError) {
      return try verifier(of: store).newestTrust(from: anchor)
    } catch {
      throw .refused("the trust cannot be relied on: \(error)")
    }
  }

  private func script(
    of envelope: Envelope, at path: String, snapshot: String?, in session: Session, by newest: TrustFile? = nil
  ) throws(CommandError) -> String {
    let trust: TrustFile
    do throws(VerificationError) {
      if let newest { trust = newest } else { trust = try TrustFile.anchor(anchor) }
    } catch {
      throw .refused("\(anchorPath) cannot be relied on: \(error)")
    }
    let isTrust = envelope.payloadType == TrustFile.payloadType
    let role = isTrust ? trust.root : trust.publishRole(for: environment(named: envelope))
    return VerificationScript.text(
      envelope: path, keys: trust.keys(of: role), threshold: role.threshold, snapshot: isTrust ? nil : snapshot)
  }

  // MARK: - Reading

  private func kind(in session: Session) throws(CommandError) -> Kind {
    let path = session.console.absolute(operand)
    if !operand.isAddress, FileSystem.kind(of: path) != .folder {
      if FileSystem.kind(of: path) == nil { throw .environment("\(operand): there is no such file or folder") }
      return .file(try envelope(at: path, in: session), try read(operand, limit: Envelope.maximumSize, in: session))
    }
    if snapshot != nil { throw .usage("--snapshot goes with a manifest in a file; a store has its snapshots") }
    let location: StoreLocation
    do throws(StoreLocationError) {
      location = try StoreLocation(operand)
    } catch {
      throw .usage("\(operand): \(error)")
    }
    switch location {
    case .folder(let folder):
      let folder = session.console.absolute(folder)
      let store = PublishedStore(files: DiskFiles(root: folder), name: operand)
      let all = try publishing { () throws(PublishingError) in try store.environments() }
      return .store(FolderStore(folder: folder), environments: environments.isEmpty ? all : environments)
    case .address(let address):
      guard !environments.isEmpty else {
        throw .usage("an address cannot be listed: name what to verify with --environment")
      }
      return .store(try session.server(address, tokenFile: tokenFile), environments: environments)
    }
  }

  private func envelope(at path: String, in session: Session) throws(CommandError) -> Envelope {
    let bytes = try read(path, limit: Envelope.maximumSize, in: session)
    do throws(VerificationError) {
      return try Envelope(parsing: bytes)
    } catch {
      throw .refused("\(session.console.shown(path)) is \(error)")
    }
  }

  private func read(_ path: String, limit: Int, in session: Session) throws(CommandError) -> [UInt8] {
    do throws(FileError) {
      return try FileSystem.read(session.console.absolute(path), limit: limit)
    } catch {
      throw .environment("cannot read \(session.console.shown(path)): \(error.reason)")
    }
  }
}
