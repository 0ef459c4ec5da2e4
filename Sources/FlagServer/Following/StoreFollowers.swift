package import Ensign
internal import Glibc
internal import HTTP
internal import Synchronization

/// Follows the environments of a published store, each by itself, and those that come.
package final class StoreFollowers: Sendable {
  /// Where a store is, and what is believed of it.
  package struct Source: Sendable {
    /// The folder or address.
    package var location: StoreLocation
    /// The trust file to begin with.
    package var trust: [UInt8]
    /// The project that manifests must name; nil for that of the first one.
    package var project: String?
    /// The environments; empty for those that the store has.
    package var environments: [String] = []
    /// The token of the server at the address; nil when it asks for none.
    package var token: String?
    /// The folder for what survives a restart; nil to keep nothing.
    package var stateFolder: String?

    /// A store with the trust file to begin with.
    package init(location: StoreLocation, trust: [UInt8]) {
      self.location = location
      self.trust = trust
    }
  }

  private let source: Source
  private let distribution: Distribution
  private let log: ServerLog
  private let followers = Mutex<[String: EnvironmentFollower]>([:])
  private let alarm = Alarm()

  /// Seconds between two looks for environments.
  private var interval: Int64 {
    if case .folder = source.location { 1 } else { 5 }
  }

  /// Followers that put what they verify into a distribution.
  package init(_ source: Source, into distribution: Distribution, log: ServerLog) {
    self.source = source
    self.distribution = distribution
    self.log = log
  }

  /// Begins to follow: what is in the state folder is in force when this returns.
  package func start() throws(ServerError) {
    do throws(VerificationError) {
      let anchor = try TrustFile.anchor(source.trust)
      distribution.add(trust: source.trust, version: anchor.version)
    } catch {
      throw ServerError("the trust file is not usable: \(error.message)")
    }
    for environment in source.environments { try follow(environment) }
    if source.environments.isEmpty { for environment in try storedEnvironments() { try follow(environment) } }
    let reader = try reader()
    let status = BackgroundThread.start { self.run(reader) }
    if status != 0 { throw ServerError("no thread can be made: \(String(cString: strerror(status)))") }
  }

  /// Ends, within a second.
  package func stop() {
    alarm.ring()
    for follower in followers.withLock({ Array($0.values) }) { follower.stop() }
  }

  // MARK: - Environments

  private func follow(_ environment: String) throws(ServerError) {
    guard followers.withLock({ $0[environment] == nil }) else { return }
    distribution.expect(environment)
    let store = try store()
    let files: any DurableFiles =
      source.stateFolder.map { DiskFiles(root: "\($0)/environments/\(environment)") } ?? TransientFiles()
    let distribution = distribution
    let follower: EnvironmentFollower
    do throws(ClientError) {
      follower = try EnvironmentFollower(
        environment, of: store, trust: source.trust, project: source.project, files: files
      ) { distribution.take($0, of: environment) }
    } catch {
      throw ServerError("the environment '\(environment)' cannot be followed: \(error.message)")
    }
    followers.withLock { $0[environment] = follower }
    let status = follower.start()
    if status != 0 { throw ServerError("no thread can be made: \(String(cString: strerror(status)))") }
  }

  /// A reader for one thread.
  private func store() throws(ServerError) -> FollowedStore {
    switch source.location {
    case .folder(let folder): FollowedStore(folder: folder)
    case .address: FollowedStore(try reader())
    }
  }

  private func reader() throws(ServerError) -> any StoreReader {
    switch source.location {
    case .folder(let folder): return FolderStore(folder: folder)
    case .address(let address):
      do throws(StoreLocationError) {
        return try HTTPStore(
          address, timeouts: .init(connect: .seconds(10), total: .seconds(60), stalled: .seconds(10)),
          token: source.token)
      } catch {
        throw ServerError(error.description)
      }
    }
  }

  /// The environments that the state folder knows of.
  private func storedEnvironments() throws(ServerError) -> [String] {
    guard let folder = source.stateFolder else { return [] }
    do throws(StorageError) {
      return try DiskFiles(root: folder).list("environments")
    } catch {
      throw ServerError(error.description)
    }
  }

  private func run(_ reader: any StoreReader) {
    addHistory(reader)
    guard source.environments.isEmpty else { return }
    var complaints: Set<String> = []
    repeat {
      let now = followNew(reader)
      for complaint in now.subtracting(complaints) { log.note(.warning, "environments", complaint) }
      complaints = now
    } while !alarm.wait(for: .seconds(interval))
  }

  /// Follows the environments that the store has by now; what is wrong with it.
  private func followNew(_ reader: any StoreReader) -> Set<String> {
    var complaints: Set<String> = []
    do throws(ServerError) {
      for name in try names(reader) {
        do throws(ServerError) {
          try follow(name)
        } catch {
          complaints.insert(error.description)
        }
      }
    } catch {
      complaints.insert(error.description)
    }
    return complaints
  }

  private func addHistory(_ reader: any StoreReader) {
    guard let older = try? TrustHistory.read(before: source.trust, from: reader) else { return }
    for (version, envelope) in older { distribution.add(trust: envelope, version: version) }
  }

  /// The environments that the store has.
  private func names(_ reader: any StoreReader) throws(ServerError) -> [String] {
    if case .folder(let folder) = source.location {
      do throws(StorageError) {
        return try DiskFiles(root: folder).list("environments")
      } catch {
        throw ServerError(error.description)
      }
    }
    let bytes: [UInt8]
    do throws(StoreError) {
      let answer = try reader.fetch(StoreRequest(EnvironmentList.path, limit: Envelope.maximumSize))
      guard case .content(let content, _) = answer else { return [] }
      bytes = content
    } catch {
      guard error.code == .absent else { throw ServerError("\(reader.name): \(error)") }
      throw ServerError("\(reader.name) does not say which environments it has: name them with --environment")
    }
    do throws(VerificationError) {
      return try EnvironmentList(parsing: bytes).names
    } catch {
      throw ServerError("\(reader.name): \(error)")
    }
  }
}

/// Why a server cannot do what it was started for.
package struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, as a phrase without a full stop.
  package let description: String

  init(_ description: String) { self.description = description }
}
