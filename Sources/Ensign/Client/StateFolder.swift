/// The state directory of a client: what it knows across restarts.
///
/// `trust/<n>.json`, `current.json` and `safe.json` are the signed files as the store had them, so that everything is
/// verified again from the trust anchor whenever it is read. A change is a list of writes in an order in which every
/// beginning of it is a complete state: `current.json` comes after all that it needs.
struct StateFolder {
  /// The files of a state directory.
  enum Path {
    static let lock = "lock"
    static let current = "current.json"
    /// The same as `current.json`, written after it: if one is damaged, the newest sequence is not forgotten.
    static let copy = "current.copy.json"
    static let safe = "safe.json"
    static let starts = "starts"
    static let evidence = "evidence"
    static let blobs = "blobs"
    static let trust = "trust"

    static func trust(_ version: Int) -> String { "\(trust)/\(version).json" }
    static func blob(_ sha256: String) -> String { "\(blobs)/\(sha256)" }
  }

  /// A file that is to be written.
  struct Write {
    let path: String
    let bytes: [UInt8]
  }

  /// The most manifests that are kept as evidence.
  static let greatestEvidence = 16

  private let files: any DurableFiles
  private var lock: FileLock?
  /// What is not written yet, in order.
  private var pending: [Write] = []
  /// What is wrong with the directory, as a phrase; nil when nothing is known to be.
  private(set) var problem: String?

  /// Opens and locks the directory, and makes it if need be.
  ///
  /// - Throws: ``ClientError/Code/locked``. That it cannot be written is no error, but a ``problem``.
  init(_ files: any DurableFiles) throws(ClientError) {
    self.files = files
    do throws(StorageError) {
      lock = try files.lock(Path.lock)
    } catch {
      problem = error.description
      return
    }
    guard lock != nil else {
      throw ClientError(
        .locked, "another client uses the state directory; give each client and each process one of its own")
    }
    do throws(StorageError) {
      for folder in ["", Path.trust, Path.blobs, Path.evidence] { try files.removeLeftovers(in: folder) }
    } catch {
      problem = error.description
    }
  }

  /// Whether everything that was to be written is.
  var isComplete: Bool { pending.isEmpty }

  /// Remembers that the directory is not as it should be.
  mutating func note(_ problem: String) { self.problem = self.problem ?? problem }

  /// Forgets a ``problem`` that an update has mended.
  mutating func clearProblem() {
    if isComplete, lock != nil { problem = nil }
  }

  // MARK: - Reading

  /// The content of a file; nil when there is none, or none that can be read, which is a ``problem``.
  mutating func read(_ path: String, limit: Int) -> [UInt8]? {
    do throws(StorageError) {
      return try files.read(path, limit: limit)
    } catch {
      note(error.description)
      return nil
    }
  }

  // MARK: - Writing

  /// Writes files, after those that could not be written before.
  ///
  /// - Returns: whether all is written. What is not is tried again by the next call, in the same order.
  @discardableResult
  mutating func write(_ writes: [Write]) -> Bool {
    pending += writes
    do throws(StorageError) {
      try takeLock()
      while let write = pending.first {
        try files.replace(write.path, with: write.bytes, mode: 0o600)
        pending.removeFirst()
      }
      return true
    } catch {
      problem = error.description
      return false
    }
  }

  /// Gives up what is not written yet and a newer snapshot makes needless: everything but trust files.
  mutating func supersede() {
    pending.removeAll { !$0.path.hasPrefix(Path.trust + "/") }
  }

  /// Takes the lock if it could not be had before: without it nothing is written.
  private mutating func takeLock() throws(StorageError) {
    guard lock == nil else { return }
    lock = try files.lock(Path.lock)
    guard lock != nil else {
      throw StorageError(.notPermitted, "lock", Path.lock, reason: "another client has taken the state directory")
    }
  }

  /// Keeps signed manifests that contradict each other, if there is room.
  mutating func keepEvidence(_ envelopes: [[UInt8]], of manifest: Manifest) {
    do throws(StorageError) {
      try takeLock()
      for envelope in envelopes {
        guard try files.list(Path.evidence).count < Self.greatestEvidence else { return }
        let name = "\(manifest.epoch).\(manifest.sequence)-\(SHA256.hexadecimal(envelope).prefix(16)).json"
        _ = try files.create("\(Path.evidence)/\(name)", with: envelope, mode: 0o600)
      }
    } catch {
      problem = error.description
    }
  }

  /// Removes the snapshots that nothing refers to.
  mutating func removeBlobs(except kept: Set<String>) {
    guard isComplete, lock != nil else { return }
    do throws(StorageError) {
      for name in try files.list(Path.blobs) where !kept.contains(name) {
        try files.remove("\(Path.blobs)/\(name)")
      }
    } catch {
      problem = error.description
    }
  }

  /// Lets another client have the directory.
  mutating func unlock() { lock = nil }
}
