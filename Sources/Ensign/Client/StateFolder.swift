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

  /// The most damages that are told.
  private static let greatestDamages = 8
  /// The most manifests that are kept as evidence.
  static let greatestEvidence = 16

  private let files: any DurableFiles
  private var lock: FileLock?
  /// What is not written yet, in order.
  private var pending: [Write] = []
  /// What is wrong with what the directory holds.
  private var damages: [String] = []
  /// Why it could not be written the last time.
  private var failure: String?

  /// Opens and locks the directory, and makes it if need be.
  ///
  /// - Throws: ``ClientError/Code/locked``. That it cannot be written is no error, but a ``problem``.
  init(_ files: any DurableFiles) throws(ClientError) {
    self.files = files
    do throws(StorageError) {
      lock = try files.lock(Path.lock)
    } catch {
      failure = error.description
      return
    }
    guard lock != nil else {
      throw ClientError(
        .locked, "another client uses the state directory; give each client and each process one of its own")
    }
    do throws(StorageError) {
      for folder in ["", Path.trust, Path.blobs, Path.evidence] { try files.removeLeftovers(in: folder) }
    } catch {
      failure = error.description
    }
  }

  /// Whether everything that was to be written is.
  var isComplete: Bool { pending.isEmpty }

  /// What is wrong with the directory, as phrases; nil when nothing is known to be.
  var problem: String? {
    let all = damages + [failure].compactMap(\.self)
    return all.isEmpty ? nil : all.joined(separator: "; ")
  }

  /// Remembers that the directory does not hold what it should.
  mutating func note(_ damage: String) {
    if !damages.contains(damage), damages.count < Self.greatestDamages { damages.append(damage) }
  }

  /// Forgets what an update has mended.
  mutating func forgetDamages() {
    if isComplete { damages = [] }
  }

  // MARK: - Reading

  /// What there is in the place of a file.
  enum Content {
    case absent
    /// Something that cannot be read, which is a ``problem``.
    case unreadable
    case bytes([UInt8])
  }

  /// The content of a file.
  mutating func content(of path: String, limit: Int) -> Content {
    do throws(StorageError) {
      return try files.read(path, limit: limit).map { .bytes($0) } ?? .absent
    } catch {
      note(error.description)
      return .unreadable
    }
  }

  /// The bytes of a file, if there is one that can be read.
  mutating func read(_ path: String, limit: Int) -> [UInt8]? {
    guard case .bytes(let bytes) = content(of: path, limit: limit) else { return nil }
    return bytes
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
      failure = nil
      return true
    } catch {
      failure = error.description
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
      failure = error.description
    }
  }

  /// Removes the snapshots that nothing refers to.
  mutating func removeBlobs(except kept: [String]) {
    guard isComplete, lock != nil else { return }
    do throws(StorageError) {
      for name in try files.list(Path.blobs) where !kept.contains(name) {
        try files.remove("\(Path.blobs)/\(name)")
      }
    } catch {
      failure = error.description
    }
  }

  /// Lets another client have the directory.
  mutating func unlock() { lock = nil }
}
