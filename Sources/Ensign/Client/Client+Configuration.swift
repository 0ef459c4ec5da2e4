internal import Glibc

extension Client {
  /// What a client needs to know.
  public struct Configuration: Sendable {
    /// The project whose flags are read.
    public var project: String
    /// The environment whose flags are read.
    public var environment: String
    /// The published store: `https://host/path`, `http://host/path`, `file:///path`, or a folder.
    public var store: String
    /// The bytes of the trust file that the service is installed with.
    ///
    /// Everything else is trusted because this file, or one that its root keys signed, says so.
    public var trust: [UInt8]
    /// The token of a server that asks for one, which is sent to it with every request; over TLS only, or to this
    /// machine.
    public var token: String?
    /// A folder for what survives a restart; nil to keep nothing.
    ///
    /// One client uses it at a time. Without it there is neither protection against rollback across restarts, nor
    /// against a snapshot with which the service does not start.
    public var stateDirectory: String?
    /// How long to wait between two updates, give or take a tenth.
    public var pollInterval: Duration = .seconds(30)
    /// The longest pause after updates that failed, of which each doubles it.
    public var longestPause: Duration = .seconds(600)
    /// How long to wait for a connection.
    public var connectTimeout: Duration = .seconds(10)
    /// How long one file may take.
    public var requestTimeout: Duration = .seconds(60)
    /// How long a transfer may go on with less than a thousand bytes a second.
    public var stallTimeout: Duration = .seconds(10)
    /// How long the service has to run with a snapshot until its start counts as a good one.
    public var settleAfter: Duration = .seconds(60)
    /// More bytes than that are not accepted as a snapshot.
    public var maximumSnapshotSize: Int = SnapshotLimits.size
    /// Called after a change of the report, a new snapshot among them; on the thread that made it.
    public var onChange: (@Sendable (ClientReport) -> Void)?

    /// A client of an environment's flags.
    public init(
      project: String, environment: String, store: String, trust: [UInt8], stateDirectory: String? = nil,
      onChange: (@Sendable (ClientReport) -> Void)? = nil
    ) {
      self.project = project
      self.environment = environment
      self.store = store
      self.trust = trust
      self.stateDirectory = stateDirectory
      self.onChange = onChange
    }
  }

  /// The world around a client; tests make their own.
  package struct Surroundings: Sendable {
    /// The published store.
    package var store: any StoreReader
    /// The state directory; nil to keep nothing.
    package var files: (any DurableFiles)?
    /// The time of day, which may be wrong, and jump.
    package var now: @Sendable () -> Timestamp
    /// The time since some moment, which only grows.
    package var elapsed: @Sendable () -> Duration
    /// A number from 0 up to, but not including, 1.
    package var random: @Sendable () -> Double

    /// A world of its parts.
    package init(
      store: any StoreReader, files: (any DurableFiles)?, now: @escaping @Sendable () -> Timestamp = Timestamp.now,
      elapsed: @escaping @Sendable () -> Duration = Surroundings.monotonic,
      random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
      self.store = store
      self.files = files
      self.now = now
      self.elapsed = elapsed
      self.random = random
    }

    /// The store and the state directory that a configuration names.
    init(_ configuration: Configuration) throws(ClientError) {
      let store: any StoreReader
      do throws(StoreLocationError) {
        switch try StoreLocation(configuration.store) {
        case .folder(let folder): store = FolderStore(folder: folder)
        case .address(let address):
          store = try HTTPStore(
            address,
            timeouts: .init(
              connect: configuration.connectTimeout, total: configuration.requestTimeout,
              stalled: configuration.stallTimeout), token: configuration.token)
        }
      } catch {
        throw ClientError(.configuration, error.description)
      }
      self.init(store: store, files: configuration.stateDirectory.map { DiskFiles(root: $0) })
    }

    /// The system's clock that only grows.
    package static func monotonic() -> Duration {
      var time = timespec()
      // CLOCK_MONOTONIC exists everywhere and the pointer is valid: the call has no way to fail.
      clock_gettime(CLOCK_MONOTONIC, &time)
      return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
  }
}
