// MARK: - Storing and activating

extension ClientUpdater {
  /// Stores a manifest and its snapshot, everything that it needs before it.
  ///
  /// - Parameter bytes: the snapshot; nil when it is stored already.
  mutating func store(_ signed: SignedManifest, bytes: [UInt8]?) {
    var writes: [StateFolder.Write] = []
    if let bytes {
      writes.append(.init(path: StateFolder.Path.blob(signed.manifest.snapshot.sha256), bytes: bytes))
    }
    // What runs now has served until a newer snapshot came, which makes it safe to go back to.
    if served == .current, let newest, running == newest.manifest, folder?.isComplete ?? true {
      writes.append(.init(path: StateFolder.Path.safe, bytes: newest.envelope))
      safe = newest
    }
    writes.append(.init(path: StateFolder.Path.current, bytes: signed.envelope))
    writes.append(.init(path: StateFolder.Path.copy, bytes: signed.envelope))
    newest = signed
    (isNewestKnown, lacksSnapshot) = (true, false)
    folder?.supersede()
    folder?.write(writes)
  }

  /// Puts a snapshot in force.
  ///
  /// - Parameter count: the starts of the newest snapshot, this one among them, which is written before; nil when this
  ///   says nothing about the newest snapshot.
  mutating func activate(
    _ snapshot: Snapshot?, of manifest: Manifest?, as served: ClientReport.Served, starts count: Int?
  ) {
    activated = nil
    if let newest, let count {
      countStarts(of: newest.manifest, count)
      activated = surroundings.elapsed()
    }
    self.served = served
    running = manifest
    cell.replace(with: snapshot)
  }

  private mutating func countStarts(of manifest: Manifest, _ count: Int) {
    let starts = StartCounter(manifest.snapshot.sha256, count)
    self.starts = starts
    folder?.write([.init(path: StateFolder.Path.starts, bytes: starts.bytes)])
  }

  /// Counts the start as a good one, if the service has run for long enough.
  ///
  /// - Parameter now: on the clock that only grows; nil when somebody knows that all is well.
  mutating func settle(at now: Duration?) {
    guard let activated, let newest else { return }
    if let now, now - activated < configuration.settleAfter { return }
    self.activated = nil
    countStarts(of: newest.manifest, StartCounter.settled(with: served))
  }

  /// Removes the snapshots that neither the newest manifest nor the safe one names.
  mutating func removeGarbage() {
    folder?.removeBlobs(except: [newest, safe].compactMap { $0?.manifest.snapshot.sha256 })
  }
}
