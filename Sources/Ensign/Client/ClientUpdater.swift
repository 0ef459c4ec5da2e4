/// What a client knows, and how it learns more: the protocol of an update.
///
/// One thread at a time uses it. Evaluations read the ``cell`` only.
struct ClientUpdater {
  /// The most versions of the trust file that one update goes ahead; the next update goes on.
  static let greatestTrustStep = 32

  let configuration: Client.Configuration
  let surroundings: Client.Surroundings
  /// Where evaluations find the snapshot.
  let cell: SnapshotCell

  /// The project; nil until the first manifest tells it, for a caller who did not name one.
  var project: String?
  /// The trust files from the anchor to the newest one.
  var chain: [TrustFile]
  /// What survives a restart; nil to keep nothing.
  var folder: StateFolder?
  /// The newest manifest that was accepted, which no other may fall behind.
  var newest: SignedManifest?
  /// Whether the state directory says what ``newest`` is, or that there is none; false when its word cannot be trusted.
  var isNewestKnown = true
  /// Whether the snapshot of ``newest`` is neither in use nor known to be bad, and so has to be had from somewhere.
  var lacksSnapshot = false
  /// The manifest of the last snapshot that served well until a newer one came.
  var safe: SignedManifest?
  /// What flags come from.
  var served = ClientReport.Served.defaults
  /// The manifest whose snapshot is served; nil with the code's defaults.
  var running: Manifest?
  /// The starts of the newest snapshot.
  var starts: StartCounter?
  /// When the present snapshot was activated, until its start counts as good.
  var activated: Duration?
  /// The validator of the newest manifest in the store, to ask whether it has changed.
  var validator: String?
  /// A snapshot that cannot be loaded, so that it is not fetched again and again.
  var unloadable: (sha256: String, error: VerificationError)?

  /// Why the last update failed; nil when it did not.
  var failure: VerificationError?
  /// How many updates in a row have failed.
  var failures = 0
  var lastAttempt: Timestamp?
  var lastSuccess: Timestamp?

  /// The newest trust file; the chain begins with the anchor, and never loses it.
  var trust: TrustFile { chain[chain.count - 1] }

  /// A manifest with the envelope that it came in.
  struct SignedManifest {
    let manifest: Manifest
    let envelope: [UInt8]
  }
}

// MARK: - An update

extension ClientUpdater {
  /// Asks the store for news, once, and puts them in force.
  mutating func update() {
    let isFirstFailure = failures == 0
    lastAttempt = surroundings.now()
    do throws(VerificationError) {
      // While content is refused, caches on the way are not believed.
      try attempt(bypassingCaches: failure?.status.isRefusal ?? false)
      succeed()
    } catch {
      guard error.status.isRefusal, isFirstFailure else { return fail(error) }
      do throws(VerificationError) {
        try attempt(bypassingCaches: true)
        succeed()
      } catch {
        fail(error)
      }
    }
  }

  private mutating func succeed() {
    (failure, failures) = (nil, 0)
    lastSuccess = surroundings.now()
    folder?.write([])
    folder?.forgetDamages()
  }

  private mutating func fail(_ error: VerificationError) {
    failure = error
    failures += 1
    validator = nil
    folder?.write([])
  }

  private mutating func attempt(bypassingCaches: Bool) throws(VerificationError) {
    try updateTrust(bypassingCaches: bypassingCaches)
    let request = StoreRequest(
      StorePath.latest(environment: configuration.environment), limit: Envelope.maximumSize,
      validator: lacksSnapshot || bypassingCaches ? nil : validator, bypassesCaches: bypassingCaches)
    switch try fetch(request) {
    case .unchanged: return
    case .content(let envelope, let validator):
      try accept(envelope, bypassingCaches: bypassingCaches)
      self.validator = validator
    }
  }

  /// Follows the chain of trust files as far as the store has it.
  private mutating func updateTrust(bypassingCaches: Bool) throws(VerificationError) {
    for _ in 0..<Self.greatestTrustStep {
      let path = StorePath.trust(version: trust.version + 1)
      let request = StoreRequest(path, limit: Envelope.maximumSize, bypassesCaches: bypassingCaches)
      guard case .content(let envelope, _)? = try fetchIfPresent(request) else { return }
      let next = try trust.successor(envelope)
      chain.append(next)
      // What was good by the old keys need not be by the new ones.
      validator = nil
      folder?.write([.init(path: StateFolder.Path.trust(next.version), bytes: envelope)])
      if !isNewestKnown { restoreNewest() }
    }
  }

  private func fetchIfPresent(_ request: StoreRequest) throws(VerificationError) -> StoreAnswer? {
    do throws(StoreError) {
      return try surroundings.store.fetch(request)
    } catch {
      if error.code == .absent { return nil }
      throw VerificationError(error, of: surroundings.store)
    }
  }

  private func fetch(_ request: StoreRequest) throws(VerificationError) -> StoreAnswer {
    do throws(StoreError) {
      return try surroundings.store.fetch(request)
    } catch {
      throw VerificationError(error, of: surroundings.store)
    }
  }

  /// Verifies a manifest, and takes it over if it is newer.
  private mutating func accept(_ envelope: [UInt8], bypassingCaches: Bool) throws(VerificationError) {
    let manifest = try verified(envelope, by: trust)
    let signed = SignedManifest(manifest: manifest, envelope: envelope)
    let succession: Manifest.Succession
    do throws(VerificationError) {
      succession = try manifest.checkFollows(newest?.manifest)
    } catch {
      if error.status == .equivocation, let newest {
        folder?.keepEvidence([newest.envelope, envelope], of: manifest)
      }
      throw error
    }
    if succession != .same { try checkTrust() }
    if lacksSnapshot || manifest.snapshot.sha256 != newest?.manifest.snapshot.sha256 {
      try install(signed, bypassingCaches: bypassingCaches)
    } else if succession != .same {
      keep(signed)
    }
    project = manifest.project
  }

  /// Once the trust file has expired, nobody knows which of its keys are still good.
  ///
  /// A manifest that has expired is another matter: newer flags are better than older ones, or than none where a service
  /// starts for the first time. The report says that they are stale.
  private func checkTrust() throws(VerificationError) {
    guard trust.hasExpired(at: surroundings.now()) else { return }
    throw VerificationError(
      .stale, "trust version \(trust.version) expired at \(trust.expires): no new manifest is accepted")
  }

  /// Verifies a manifest for this client.
  func verified(_ envelope: [UInt8], by trust: TrustFile) throws(VerificationError) -> Manifest {
    let environment = configuration.environment
    if let project { return try Manifest.verified(envelope, by: trust, project: project, environment: environment) }
    // Nobody named a project, so the first manifest that trusted keys signed does.
    let claimed = try Manifest(payload: try Envelope(parsing: envelope).payload).project
    return try Manifest.verified(envelope, by: trust, project: claimed, environment: environment)
  }

  /// Takes over a manifest that names the snapshot of the one before: a renewal, or a commit that changed no flag here.
  private mutating func keep(_ signed: SignedManifest) {
    newest = signed
    if served == .current { running = signed.manifest }
    folder?.write([
      .init(path: StateFolder.Path.current, bytes: signed.envelope),
      .init(path: StateFolder.Path.copy, bytes: signed.envelope),
    ])
  }

  /// Fetches, checks, stores and activates the snapshot of a manifest.
  private mutating func install(_ signed: SignedManifest, bypassingCaches: Bool) throws(VerificationError) {
    let reference = signed.manifest.snapshot
    if let unloadable, unloadable.sha256 == reference.sha256 { throw unloadable.error }
    let stored = storedSnapshot(of: signed.manifest)
    let bytes: [UInt8]
    if let stored {
      bytes = stored
    } else {
      bytes = try fetchSnapshot(of: signed.manifest, bypassingCaches: bypassingCaches)
    }
    let snapshot: Snapshot
    do throws(VerificationError) {
      snapshot = try loaded(bytes, of: signed.manifest)
    } catch {
      unloadable = (reference.sha256, error)
      throw error
    }
    store(signed, bytes: stored == nil ? bytes : nil)
    activate(snapshot, of: signed.manifest, as: .current, starts: 1)
    removeGarbage()
  }

  mutating func storedSnapshot(of manifest: Manifest) -> [UInt8]? {
    let path = StateFolder.Path.blob(manifest.snapshot.sha256)
    guard let bytes = folder?.read(path, limit: manifest.snapshot.size) else { return nil }
    do throws(VerificationError) {
      try manifest.checkSnapshot(bytes)
      return bytes
    } catch {
      folder?.note("\(path) is damaged: \(error.message)")
      return nil
    }
  }

  private func fetchSnapshot(of manifest: Manifest, bypassingCaches: Bool) throws(VerificationError) -> [UInt8] {
    let reference = manifest.snapshot
    guard reference.size <= configuration.maximumSnapshotSize else {
      throw VerificationError(
        .oversized,
        "the manifest names a snapshot of \(reference.size) bytes; at most \(configuration.maximumSnapshotSize) are accepted"
      )
    }
    let request = StoreRequest(
      StorePath.blob(sha256: reference.sha256), limit: reference.size, bypassesCaches: bypassingCaches)
    guard case .content(let bytes, _) = try fetch(request) else {
      throw VerificationError(.unreachable, "the store answers that a file is unchanged, which nobody asked")
    }
    try manifest.checkSnapshot(bytes)
    return bytes
  }

  /// Loads the bytes of a snapshot, which are those that its manifest names.
  func loaded(_ bytes: [UInt8], of manifest: Manifest) throws(VerificationError) -> Snapshot {
    let snapshot: Snapshot
    do throws(SnapshotError) {
      snapshot = try Snapshot(bytes)
    } catch {
      throw VerificationError(
        error.code == .newerReader ? .unsupported : .malformed, "the snapshot cannot be loaded: \(error)")
    }
    guard snapshot.project == manifest.project, snapshot.environment == manifest.environment else {
      throw VerificationError(
        .mismatch, "the snapshot is of '\(snapshot.project)', '\(snapshot.environment)', unlike its manifest")
    }
    return snapshot
  }
}

extension ClientStatus {
  /// Whether content came and was refused, so that the fault is not on the way to the store.
  package var isRefusal: Bool {
    switch self {
    case .oversized, .malformed, .untrusted, .mismatch, .rollback, .equivocation, .tampered, .unsupported: true
    case .starting, .current, .stale, .unreachable, .held, .unstored: false
    }
  }
}

extension VerificationError {
  fileprivate init(_ error: StoreError, of store: any StoreReader) {
    let status: ClientStatus = error.code == .oversized ? .oversized : .unreachable
    self.init(status, "\(store.name): \(error.description)")
  }
}
