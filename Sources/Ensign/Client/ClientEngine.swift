internal import Glibc

/// A client without its face: the updater, the thread that runs it, and what others may see of it.
final class ClientEngine: Sendable {
  /// Where evaluations find the snapshot.
  let cell: SnapshotCell
  private let configuration: Client.Configuration
  private let surroundings: Client.Surroundings
  private let schedule: UpdateSchedule
  /// Held for as long as an update takes.
  private let updater: Guarded<ClientUpdater>
  private let condition: Guarded<ClientCondition>
  /// What the callback was told last.
  private let told: Guarded<ClientReport?>
  private let alarm = Alarm()
  private let thread = Guarded(Thread.none)

  /// The thread that polls.
  private enum Thread {
    case none
    case running(pthread_t)
    case closed
  }

  init(_ configuration: Client.Configuration, _ surroundings: Client.Surroundings, project: String?)
    throws(ClientError)
  {
    cell = SnapshotCell()
    self.configuration = configuration
    self.surroundings = surroundings
    schedule = UpdateSchedule(interval: configuration.pollInterval, longestPause: configuration.longestPause)
    var updater = ClientUpdater(
      configuration: configuration, surroundings: surroundings, cell: cell, project: project,
      chain: [try Self.anchor(configuration.trust)], folder: nil)
    if let files = surroundings.files { updater.folder = try StateFolder(files) }
    try updater.restore()
    condition = Guarded(ClientCondition(of: updater))
    self.updater = Guarded(updater)
    told = Guarded(nil)
    told.withLock { $0 = report }
  }

  private static func anchor(_ bytes: [UInt8]) throws(ClientError) -> TrustFile {
    do throws(VerificationError) {
      return try TrustFile.anchor(bytes)
    } catch {
      throw ClientError(.configuration, "the trust file is not usable: \(error.message)")
    }
  }

  /// How the client is now.
  var report: ClientReport {
    let now = surroundings.now()
    return condition.withLock { $0 }.report(at: now)
  }

  /// The snapshot that is served, from the state directory, and its signed manifest, if it is that of the newest one.
  func storedFiles() -> (snapshot: [UInt8], manifest: [UInt8])? {
    updater.withLock { updater in
      guard updater.served == .current, let newest = updater.newest, newest.manifest == updater.running,
        let snapshot = updater.storedSnapshot(of: newest.manifest)
      else { return nil }
      return (snapshot, newest.envelope)
    }
  }

  /// The trust files behind the anchor that were verified, with their versions, from the state directory.
  func storedTrust() -> [(version: Int, envelope: [UInt8])] {
    updater.withLock { updater in
      updater.chain.dropFirst().compactMap { file in
        updater.folder?.read(StateFolder.Path.trust(file.version), limit: Envelope.maximumSize)
          .map { (file.version, $0) }
      }
    }
  }

  /// Asks the store for news; on the calling thread.
  func update() -> ClientReport {
    change { updater in
      // Looked at with the updater in hand: what closes a client takes it afterwards, to give the directory away.
      guard !isClosed else { return }
      updater.settle(at: surroundings.elapsed())
      updater.update()
    }
    return report
  }

  /// Counts the present start as a good one.
  func confirm() { change { $0.settle(at: nil) } }

  /// Works on the updater, and publishes what became of it.
  private func change(_ body: (inout ClientUpdater) -> Void) {
    updater.withLock { updater in
      body(&updater)
      let now = ClientCondition(of: updater)
      condition.withLock { $0 = now }
    }
    tell()
  }

  /// Calls the callback if the report has changed since the last call.
  private func tell() {
    guard let onChange = configuration.onChange else { return }
    let report = report
    let isNews = told.withLock { told in
      defer { told = report }
      return told?.differs(from: report) ?? true
    }
    if isNews { onChange(report) }
  }

  // MARK: - The thread

  private var isClosed: Bool {
    thread.withLock { thread in
      if case .closed = thread { true } else { false }
    }
  }

  /// Begins to poll.
  func start() {
    let failure = thread.withLock { thread -> Int32 in
      guard case .none = thread else { return 0 }
      var id = pthread_t()
      let failure = spawn(&id)
      if failure == 0 { thread = .running(id) }
      return failure
    }
    guard failure != 0 else { return }
    let reason = String(cString: strerror(failure))
    change { $0.failure = VerificationError(.unreachable, "no thread can be made to update flags: \(reason)") }
  }

  /// Makes the thread; the number of the error that prevents it, or 0.
  private func spawn(_ id: inout pthread_t) -> Int32 {
    // Signals are the service's: its own threads take them.
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let engine = Unmanaged.passRetained(self)
    let status = pthread_create(
      &id, nil,
      { context in
        if let context { Unmanaged<ClientEngine>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }, engine.toOpaque())
    if status != 0 { engine.release() }
    return status
  }

  private func run() {
    repeat { _ = update() } while !waitForNextUpdate()
  }

  /// Waits; whether the client was closed meanwhile.
  private func waitForNextUpdate() -> Bool {
    var pause = schedule.pause(
      afterFailures: updater.withLock { $0.failuresToBackOff }, random: surroundings.random())
    // On the way, a start may turn into a good one.
    if let settling = updater.withLock({ $0.timeUntilSettled(at: surroundings.elapsed()) }), settling < pause {
      if alarm.wait(for: settling) { return true }
      change { $0.settle(at: surroundings.elapsed()) }
      pause -= settling
    }
    return alarm.wait(for: pause)
  }

  /// Ends updates, and leaves the state directory to others; the snapshot can still be evaluated.
  func close() {
    let running = thread.withLock { thread -> Thread in
      defer { thread = .closed }
      return thread
    }
    if case .closed = running { return }
    surroundings.store.cancel()
    alarm.ring()
    if case .running(let id) = running {
      // The callback may close the client, on that very thread.
      if pthread_equal(id, pthread_self()) != 0 { pthread_detach(id) } else { pthread_join(id, nil) }
    }
    change { updater in
      updater.settle(at: nil)
      updater.folder?.unlock()
    }
  }
}

extension ClientUpdater {
  /// The failures that lengthen the pause: not that a manifest has expired, which a new one may mend at any time.
  fileprivate var failuresToBackOff: Int { failure?.status == .stale ? 0 : failures }

  fileprivate func timeUntilSettled(at now: Duration) -> Duration? {
    activated.map { max(.zero, $0 + configuration.settleAfter - now) }
  }
}
