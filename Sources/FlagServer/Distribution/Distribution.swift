package import Ensign
package import HTTP
internal import Synchronization

/// What is served, kept up to date: whoever has news puts them here, whoever answers requests looks here.
package final class Distribution: Sendable {
  private struct State {
    var distributed: [String: DistributedEnvironment] = [:]
    var earlier: [String: EarlierFiles] = [:]
    var health: [String: EnvironmentHealth] = [:]
    var trust: [Int: Resource] = [:]
    var topics: [String: EnvironmentTopics] = [:]
  }

  /// Held while news are put in.
  private let state = Mutex(State())
  private let current: Mutex<ServedState>
  /// Those who wait for a change; nobody any more once it is closed.
  private let waiters = Mutex<[ObjectIdentifier: Alarm]>([:])
  private let isClosed = Atomic<Bool>(false)
  /// Fields of every response.
  let fields: [(name: String, value: String)]
  private let onChange: Observer

  /// What is told of a change: how the environment is, and what is served of it, where that is new.
  package typealias Observer =
    @Sendable (EnvironmentHealth, _ news: (served: ServedEnvironment, manifest: Manifest?)?) -> Void

  /// Nothing yet.
  ///
  /// - Parameters:
  ///   - environments: those that are expected.
  ///   - fields: fields of every response.
  ///   - onChange: called when the health of an environment has changed, or what is served of it.
  package init(
    environments: [String], fields: [(name: String, value: String)] = [],
    onChange: @escaping Observer
  ) {
    self.fields = fields
    self.onChange = onChange
    current = Mutex(ServedState(distributed: [:], earlier: [:], health: [:], trust: [:]))
    for environment in environments { expect(environment) }
  }

  /// What is served at this moment.
  var now: ServedState { current.withLock { $0 } }

  /// Where the news of an environment are told; nil for an unknown one.
  func topics(of environment: String) -> EnvironmentTopics? { state.withLock { $0.topics[environment] } }

  /// All topics.
  package var topics: [Topic] { state.withLock { $0.topics.values.flatMap(\.all) } }

  /// Ends all streams, and answers all who wait.
  package func close() {
    isClosed.store(true, ordering: .sequentiallyConsistent)
    for topic in topics { topic.close() }
    for waiter in waiters.withLock({ Array($0.values) }) { waiter.ring() }
  }

  // MARK: - Waiting

  /// Waits until manifests are served, or what replaced them, for a time at most.
  ///
  /// - Returns: the environments of those that are served when it ends.
  package func wait(for manifests: [Manifest], atMost patience: Duration) -> Set<String> {
    let start = Client.Surroundings.monotonic()
    while true {
      // In this order: what is put in after the look wakes who waits.
      let alarm = Alarm()
      waiters.withLock { $0[ObjectIdentifier(alarm)] = alarm }
      defer { waiters.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(alarm)) } }
      let state = now
      let served = manifests.filter { state.distributed[$0.environment]?.manifest?.hasReached($0) ?? false }
      let remaining = patience - (Client.Surroundings.monotonic() - start)
      if served.count == manifests.count || remaining <= .zero || isClosed.load(ordering: .sequentiallyConsistent) {
        return Set(served.map(\.environment))
      }
      _ = alarm.wait(for: remaining)
    }
  }

  // MARK: - News

  /// Expects an environment that nothing is known of yet.
  package func expect(_ environment: String) {
    state.withLock { state in
      guard state.health[environment] == nil else { return }
      state.health[environment] = EnvironmentHealth(
        environment: environment, status: .starting, message: "nothing is known of it yet")
      state.topics[environment] = EnvironmentTopics()
      show(state)
    }
  }

  /// Takes over a trust file that was verified, by its version.
  package func add(trust envelope: [UInt8], version: Int) {
    state.withLock { state in
      guard state.trust[version] == nil,
        let resource = try? Resource(
          SharedBytes(envelope), tag: SHA256.hexadecimal(envelope),
          fields: DistributedEnvironment.json("max-age=31536000, immutable") + fields)
      else { return }
      state.trust[version] = resource
      show(state)
    }
  }

  /// Takes over what a follower of a store has found out.
  package func take(_ followed: FollowedState, of environment: String) {
    for (version, envelope) in followed.trust { add(trust: envelope, version: version) }
    var health = EnvironmentHealth(
      environment: environment, status: followed.report.status, message: followed.report.message)
    var failure: String?
    var prepared: DistributedEnvironment?
    if let files = followed.files {
      do throws(VerificationError) {
        prepared = try prepare(files, of: environment, isStale: followed.report.status == .stale)
      } catch {
        failure = error.message
      }
    }
    if let failure {
      health.status = .malformed
      health.message = failure
    }
    put(prepared, health)
  }

  /// Takes over a snapshot that its user has compiled, and nobody signed.
  package func take(unsigned bytes: [UInt8], _ snapshot: Snapshot, sequence: Int) throws(VerificationError) {
    let environment = snapshot.environment
    let served = try Self.served(snapshot, bytes, epoch: 0, sequence: sequence, isStale: false, isSigned: false)
    let prepared = try distributed(served, manifest: nil, of: environment)
    put(prepared, EnvironmentHealth(environment: environment, status: .current, message: ""))
  }

  /// Says what is wrong with an environment, which keeps what it has.
  package func fail(_ environment: String, _ status: ClientStatus, _ message: String) {
    put(nil, EnvironmentHealth(environment: environment, status: status, message: message))
  }

  /// Says what is wrong with all environments, which keep what they have.
  package func failAll(_ status: ClientStatus, _ message: String) {
    for environment in now.health.keys { fail(environment, status, message) }
  }

  /// Looks whether time has made something stale; called once a second.
  package func tick() {
    let time = Timestamp.now()
    for (name, environment) in now.distributed {
      guard let manifest = environment.manifest, var health = now.health[name], health.status == .current,
        manifest.isStale(at: time)
      else { continue }
      health.status = .stale
      health.message = "the manifest expired at \(manifest.expires)"
      put(nil, health)
    }
    for topic in topics { topic.tick() }
  }

  // MARK: - Putting in

  private func prepare(
    _ files: (snapshot: Snapshot, bytes: [UInt8], manifest: [UInt8]), of environment: String, isStale: Bool
  ) throws(VerificationError) -> DistributedEnvironment {
    // The follower has verified the signatures.
    let manifest = try Manifest(payload: try Envelope(parsing: files.manifest).payload)
    if let known = now.distributed[environment], known.manifest == manifest, known.served.isStale == isStale {
      return known
    }
    let served = try Self.served(
      files.snapshot, files.bytes, epoch: manifest.epoch, sequence: manifest.sequence, isStale: isStale, isSigned: true)
    return try distributed(served, manifest: (manifest, files.manifest), of: environment)
  }

  private static func served(
    _ snapshot: Snapshot, _ bytes: [UInt8], epoch: Int, sequence: Int, isStale: Bool, isSigned: Bool
  ) throws(VerificationError) -> ServedEnvironment {
    do throws(JSONError) {
      return try ServedEnvironment(
        snapshot: snapshot, bytes: bytes, sha256: SHA256.hexadecimal(bytes), epoch: epoch, sequence: sequence,
        isStale: isStale, isSigned: isSigned)
    } catch {
      throw VerificationError(.malformed, error.description)
    }
  }

  private func distributed(
    _ served: ServedEnvironment, manifest: (manifest: Manifest, envelope: [UInt8])?, of environment: String
  ) throws(VerificationError) -> DistributedEnvironment {
    do throws(HTTPServerError) {
      return try DistributedEnvironment(
        served, manifest: manifest, reusing: now.distributed[environment], fields: fields)
    } catch {
      throw VerificationError(.malformed, error.description)
    }
  }

  /// Puts in what is served of an environment from now on, nil for what it has, and how it is.
  private func put(_ prepared: DistributedEnvironment?, _ health: EnvironmentHealth) {
    let name = health.environment
    var health = health
    let (hasChanged, isNewState, topics, new) = state.withLock { state in
      let old = state.distributed[name]
      var new = prepared ?? old
      if health.status == .stale, new?.served.isStale == false { new?.served.isStale = true }
      health.version = new?.served.version
      health.sha256 = new?.served.sha256
      health.expires = new?.manifest?.expires
      let isNewState =
        new.map { new in
          old.map { $0.served.version != new.served.version || $0.served.sha256 != new.served.sha256 } ?? true
        } ?? false
      if let old, let new { state.earlier[name, default: EarlierFiles()].add(old, replacedBy: new) }
      let hasChanged = state.health[name] != health
      state.distributed[name] = new
      state.health[name] = health
      let topics = state.topics[name, default: EnvironmentTopics()]
      state.topics[name] = topics
      show(state)
      return (hasChanged, isNewState, topics, new)
    }
    if isNewState, let served = new?.served {
      topics.publish(served, seconds: Int(Timestamp.now().milliseconds / 1000))
    }
    if prepared != nil { topics.publishManifest() }
    if hasChanged || isNewState {
      onChange(health, isNewState ? new.map { ($0.served, $0.manifest) } : nil)
    }
  }

  /// Lets requests see a state.
  private func show(_ state: State) {
    let next = ServedState(
      distributed: state.distributed, earlier: state.earlier, health: state.health, trust: state.trust)
    current.withLock { $0 = next }
    for waiter in waiters.withLock({ Array($0.values) }) { waiter.ring() }
  }
}

extension Manifest {
  /// Whether it is the other one of the same environment, signed at that time or later, or comes after it.
  fileprivate func hasReached(_ other: Manifest) -> Bool {
    (epoch, sequence, created) >= (other.epoch, other.sequence, other.created)
  }
}
