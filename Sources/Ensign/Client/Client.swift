/// Flags of a published store: fetched, verified, kept up to date, and evaluated in this process.
///
/// ```swift
/// let client = try Client(.init(
///   project: "acme-shop", environment: "production", store: "https://flags.example.com",
///   trust: trustFile, stateDirectory: "/var/lib/checkout/flags"))
/// client.start()
/// if client.boolean("checkout-v2", in: user, default: false) { … }
/// ```
///
/// Any number of threads may evaluate at once: nothing is locked, nothing is allocated, and an update in the meantime
/// neither makes them wait nor shows them half of it. Nothing that a store sends, or does not send, takes away the flags
/// that are in force: it changes the ``report``.
public final class Client: Sendable {
  private let engine: ClientEngine

  /// Opens the state directory, verifies again what is in it, and puts that in force; the store is not asked yet.
  ///
  /// - Throws: when the configuration is wrong, or another client uses the state directory. A directory that cannot be
  ///   read or written, or is damaged, is no error but the status ``ClientStatus/unstored``.
  public convenience init(_ configuration: Configuration) throws(ClientError) {
    try self.init(configuration, project: configuration.project)
  }

  /// Like ``init(_:)``, for a caller who need not know the project: the first manifest that trusted keys signed names it.
  package convenience init(_ configuration: Configuration, project: String?) throws(ClientError) {
    try self.init(configuration, in: try Surroundings(configuration), project: project)
  }

  /// Like ``init(_:)``, in a world of the caller's making.
  package init(_ configuration: Configuration, in surroundings: Surroundings, project: String?) throws(ClientError) {
    guard Self.isName(configuration.environment) else {
      throw ClientError(
        .configuration, "'\(configuration.environment)' is no environment: letters, digits, '.', '_' and '-' make one")
    }
    engine = try ClientEngine(configuration, surroundings, project: project)
  }

  deinit { engine.close() }

  /// Names of environments are parts of paths and addresses.
  private static func isName(_ text: String) -> Bool {
    let first = text.utf8.first ?? 0
    return text.utf8.count <= SnapshotLimits.keyLength && isAlphanumeric(first)
      && text.utf8.allSatisfy { isAlphanumeric($0) || "._-".utf8.contains($0) }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  // MARK: - Updates

  /// Begins to update, now and from then on, on a thread of its own; returns at once.
  public func start() { engine.start() }

  /// Updates once, on the calling thread, and returns when that is done.
  ///
  /// Services that would rather not begin with defaults call it before ``start()``.
  @discardableResult
  public func update() -> ClientReport { engine.update() }

  /// Says that the service runs well with its flags, before ``Configuration/settleAfter`` has passed.
  ///
  /// Until one or the other, or ``close()``, a start counts as failed.
  public func confirm() { engine.confirm() }

  /// Ends updates and leaves the state directory to the next client.
  ///
  /// Flags can still be evaluated. A fetch in progress is given up.
  public func close() { engine.close() }

  /// How the client is now.
  public var report: ClientReport { engine.report }

  /// The snapshot of this moment; nil when the defaults in the code are in force.
  ///
  /// Whoever evaluates several flags about one person takes it once, so that all answers come from one snapshot.
  public var snapshot: Snapshot? { engine.cell.withSnapshot { $0 } }

  /// The bytes of the snapshot that is served and its signed manifest, from the state directory.
  ///
  /// Nil when there are none there, or the newest snapshot is not the one that is served.
  package func storedFiles() -> (snapshot: [UInt8], manifest: [UInt8])? { engine.storedFiles() }

  /// The trust files behind the anchor that were verified, with their versions, from the state directory.
  package func storedTrust() -> [(version: Int, envelope: [UInt8])] { engine.storedTrust() }
}

// MARK: - Evaluation

extension Client {
  /// The value of a flag of type `boolean`; `default` when there is no such flag, or it is of another type.
  public func boolean(_ key: String, in context: Context, default fallback: Bool) -> Bool {
    engine.cell.withSnapshot { $0?.boolean(key, in: context, default: fallback) ?? fallback }
  }

  /// The value of a flag of type `string`; `default` when there is no such flag, or it is of another type.
  public func string(_ key: String, in context: Context, default fallback: String) -> String {
    engine.cell.withSnapshot { $0?.string(key, in: context, default: fallback) ?? fallback }
  }

  /// The value of a flag of type `integer`; `default` when there is no such flag, or it is of another type.
  public func integer(_ key: String, in context: Context, default fallback: Int64) -> Int64 {
    engine.cell.withSnapshot { $0?.integer(key, in: context, default: fallback) ?? fallback }
  }

  /// The value of a flag of type `number`; `default` when there is no such flag, or it is of another type.
  public func number(_ key: String, in context: Context, default fallback: Double) -> Double {
    engine.cell.withSnapshot { $0?.number(key, in: context, default: fallback) ?? fallback }
  }

  /// The value of a flag of type `object`; `default` when there is no such flag, or it is of another type.
  public func object(_ key: String, in context: Context, default fallback: JSONValue) -> JSONValue {
    engine.cell.withSnapshot { $0?.object(key, in: context, default: fallback) ?? fallback }
  }

  /// What a flag gives, and why.
  ///
  /// Without a snapshot it is the error ``Evaluation/ErrorCode/notReady``.
  public func evaluate(_ key: String, as type: FlagType? = nil, in context: Context) -> Evaluation {
    engine.cell.withSnapshot {
      $0?.evaluate(key, as: type, in: context) ?? Evaluation(flag: key, error: .notReady)
    }
  }
}
