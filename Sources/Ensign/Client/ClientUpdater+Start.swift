// MARK: - At the start

extension ClientUpdater {
  /// A signed file of the state directory.
  private enum Stored {
    case absent
    case damaged
    case found(SignedManifest)

    var signed: SignedManifest? {
      guard case .found(let signed) = self else { return nil }
      return signed
    }
  }

  /// Reads the state directory, and activates what is there.
  ///
  /// - Throws: ``ClientError`` when the directory belongs to another project or environment.
  mutating func restore() throws(ClientError) {
    guard folder != nil else { return }
    restoreTrust()
    try checkOwner()
    restoreNewest()
    safe = readSigned(StateFolder.Path.safe).signed
    // Better an old floor than none: the problem has been noted.
    newest = newest ?? safe
    guard let newest else { return }
    project = newest.manifest.project
    restoreSnapshot(of: newest, readStarts(of: newest.manifest))
  }

  private mutating func restoreTrust() {
    while true {
      let path = StateFolder.Path.trust(trust.version + 1)
      guard let bytes = folder?.read(path, limit: Envelope.maximumSize) else { return }
      do throws(VerificationError) {
        chain.append(try trust.successor(bytes))
      } catch {
        folder?.note("\(path) is damaged: \(error.message)")
        return
      }
    }
  }

  /// Reads the newest accepted manifest, from `current.json` or its copy, and mends the one by the other.
  mutating func restoreNewest() {
    let current = readSigned(StateFolder.Path.current)
    let copy = readSigned(StateFolder.Path.copy)
    if let found = Self.newer(current.signed, copy.signed) {
      isNewestKnown = true
      lacksSnapshot = found.manifest.snapshot.sha256 != running?.snapshot.sha256
      newest = found
      for (path, stored) in [(StateFolder.Path.current, current), (StateFolder.Path.copy, copy)]
      where stored.signed?.envelope != found.envelope {
        if path == StateFolder.Path.current { folder?.note("\(path) was lost, and its copy is used") }
        folder?.write([.init(path: path, bytes: found.envelope)])
      }
    } else if case (.absent, .absent) = (current, copy) {
      isNewestKnown = true
    } else {
      isNewestKnown = false
      folder?.note("what was accepted before is lost: protection against rollback begins again")
    }
  }

  /// The one of the later epoch, sequence and signing; the first one when they are equal.
  private static func newer(_ first: SignedManifest?, _ second: SignedManifest?) -> SignedManifest? {
    guard let first, let second else { return first ?? second }
    func place(_ signed: SignedManifest) -> (Int, Int, Timestamp) {
      (signed.manifest.epoch, signed.manifest.sequence, signed.manifest.created)
    }
    return place(second) > place(first) ? second : first
  }

  /// A signed manifest of the state directory.
  ///
  /// A newer trust file may have withdrawn the keys that signed what was accepted under an older one, so that every
  /// version of the chain may verify it.
  private mutating func readSigned(_ path: String) -> Stored {
    let envelope: [UInt8]
    switch folder?.content(of: path, limit: Envelope.maximumSize) {
    case .bytes(let bytes): envelope = bytes
    case .unreadable: return .damaged
    case .absent, nil: return .absent
    }
    var failure: VerificationError?
    for trust in chain.reversed() {
      do throws(VerificationError) {
        return .found(SignedManifest(manifest: try verified(envelope, by: trust), envelope: envelope))
      } catch {
        failure = failure ?? error
      }
    }
    folder?.note("\(path) is damaged: \(failure?.message ?? "")")
    return .damaged
  }

  /// Refuses a directory that another project's or environment's client wrote: its manifest is signed, for that one.
  private mutating func checkOwner() throws(ClientError) {
    guard let envelope = folder?.read(StateFolder.Path.current, limit: Envelope.maximumSize),
      let claimed = try? Manifest(payload: Envelope(parsing: envelope).payload),
      claimed.environment != configuration.environment || claimed.project != project ?? claimed.project
    else { return }
    for trust in chain {
      guard
        (try? Manifest.verified(envelope, by: trust, project: claimed.project, environment: claimed.environment)) != nil
      else { continue }
      throw ClientError(
        .configuration,
        "the state directory belongs to the project '\(claimed.project)', environment '\(claimed.environment)'")
    }
  }

  private mutating func readStarts(of manifest: Manifest) -> StartCounter {
    let none = StartCounter(manifest.snapshot.sha256, 0)
    guard let bytes = folder?.read(StateFolder.Path.starts, limit: 1024) else { return none }
    guard let stored = StartCounter(bytes) else {
      folder?.note("\(StateFolder.Path.starts) is damaged: failed starts are counted from 0 again")
      return none
    }
    return stored.sha256 == none.sha256 ? stored : none
  }

  /// Activates the best snapshot that there is, by the number of starts that failed with the newest.
  private mutating func restoreSnapshot(of newest: SignedManifest, _ starts: StartCounter) {
    lacksSnapshot = false
    if starts.served == .current {
      if let snapshot = readSnapshot(of: newest.manifest) {
        return activate(snapshot, of: newest.manifest, as: .current, starts: starts.count + 1)
      }
      lacksSnapshot = true
    }
    let count = lacksSnapshot ? nil : starts.count + 1
    // A safe snapshot that is the one with which the service does not start is none.
    if starts.served != .defaults, let safe, safe.manifest.snapshot.sha256 != newest.manifest.snapshot.sha256,
      let snapshot = readSnapshot(of: safe.manifest)
    {
      return activate(snapshot, of: safe.manifest, as: .safe, starts: count)
    }
    activate(nil, of: nil, as: .defaults, starts: count)
  }

  private mutating func readSnapshot(of manifest: Manifest) -> Snapshot? {
    guard let bytes = storedSnapshot(of: manifest) else {
      folder?.note("\(StateFolder.Path.blob(manifest.snapshot.sha256)) is lost")
      return nil
    }
    do throws(VerificationError) {
      return try loaded(bytes, of: manifest)
    } catch {
      folder?.note(error.message)
      return nil
    }
  }
}
