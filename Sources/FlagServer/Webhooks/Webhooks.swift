package import Ensign
internal import HTTP
internal import Synchronization

/// Tells targets of each new state of an environment: at least once, and to each in order, over restarts too.
///
/// What is to be told is written to the disk before it is sent, and taken away after the target has said that it has
/// it. The state that was told last is kept beside it, so that nothing is missed while the process does not run.
package final class Webhooks: Sendable {
  /// How messages are sent: the status code of the answer.
  package typealias Transport =
    @Sendable (
      _ address: String, _ headers: [String], _ body: [UInt8]
    ) throws(StoreError) -> Int

  /// What surrounds the webhooks, which tests replace.
  package struct Surroundings: Sendable {
    /// Sends a message.
    package var send: Transport = { address, headers, body throws(StoreError) in
      try HTTPPost(to: address, headers: headers, seconds: 30).send(body)
    }
    /// The pause after the first failure; it doubles with each, up to five minutes.
    package var firstPause = Duration.seconds(1)
    /// Who wrote a commit, when a repository is at hand that knows.
    package var author: @Sendable (_ commit: String) -> WebhookMessage.Author? = { _ in nil }

    /// The real ones.
    package init() {}
  }

  private static let greatestPause = Duration.seconds(300)

  private let targets: [WebhookTarget]
  private let files: any DurableFiles
  private let log: ServerLog
  private let metrics: MetricRegistry
  private let surroundings: Surroundings
  /// What wakes the threads of the targets, by their place: a new one for each wait.
  private let alarms: Mutex<[Alarm]>
  private let isStopped = Atomic<Bool>(false)
  private let stopping = Alarm()

  /// - Parameter files: where messages wait; they are below `webhooks/` and `announced/`.
  package init(
    _ targets: [WebhookTarget], files: any DurableFiles, log: ServerLog, metrics: MetricRegistry,
    _ surroundings: Surroundings = Surroundings()
  ) {
    self.targets = targets
    self.files = files
    self.log = log
    self.metrics = metrics
    self.surroundings = surroundings
    alarms = Mutex(targets.map { _ in Alarm() })
  }

  // MARK: - News

  /// Takes over a new state of an environment.
  ///
  /// The first state ever is only remembered: everything in it would be new. States of one environment come one after
  /// the other; those of several may come at once.
  package func announce(_ environment: ServedEnvironment, manifest: Manifest?) {
    do throws(StorageError) {
      let known = try announced(environment.name)
      if known?.version == environment.version, known?.snapshot == environment.bytes { return }
      if let known { try queue(environment, manifest, previous: known) }
      let line = Array("\(environment.version)\n".utf8)
      try files.replace("announced/\(environment.name)", with: line + environment.bytes, mode: 0o600)
    } catch {
      log.note(.error, "webhook", "a new state of '\(environment.name)' cannot be queued: \(error.description)")
    }
    ring()
  }

  /// The version and the snapshot that were told last.
  private func announced(_ environment: String) throws(StorageError) -> (version: String, snapshot: [UInt8])? {
    let limit = SnapshotLimits.size + 100
    guard let bytes = try files.read("announced/\(environment)", limit: limit),
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"))
    else { return nil }
    return (String(decoding: bytes[..<end], as: UTF8.self), Array(bytes[(end + 1)...]))
  }

  private func queue(
    _ environment: ServedEnvironment, _ manifest: Manifest?, previous: (version: String, snapshot: [UInt8])
  ) throws(StorageError) {
    let interested = targets.filter { $0.environments.isEmpty || $0.environments.contains(environment.name) }
    guard !interested.isEmpty else { return }
    let author = manifest.flatMap { surroundings.author($0.source.commit) }
    guard
      let message = try? WebhookMessage(environment, manifest: manifest, author: author, previous: previous)
    else {
      log.note(.error, "webhook", "the state of '\(environment.name)' that was told last is damaged")
      return
    }
    for target in interested {
      let queue = WebhookQueue(files: files, target: target.name)
      if try !queue.add(message.body(target.format), delivery: message.delivery) {
        log.note(
          .error, "webhook", "\(WebhookQueue.capacity) messages wait, and one more is dropped",
          [("target", .string(target.name))])
      }
    }
  }

  // MARK: - Sending

  /// Begins to send; the error that prevents it, or 0.
  package func start() -> Int32 {
    for place in targets.indices {
      let status = BackgroundThread.start { self.run(place) }
      if status != 0 { return status }
    }
    return 0
  }

  /// Ends, after the messages that are being sent.
  package func stop() {
    isStopped.store(true, ordering: .sequentiallyConsistent)
    stopping.ring()
    ring()
  }

  private func ring() {
    for alarm in alarms.withLock({ $0 }) { alarm.ring() }
  }

  private func run(_ place: Int) {
    let target = targets[place]
    let queue = WebhookQueue(files: files, target: target.name)
    var pause = surroundings.firstPause
    while !isStopped.load(ordering: .sequentiallyConsistent) {
      // Made before the queue is looked at, so that what comes afterwards rings it.
      let alarm = Alarm()
      alarms.withLock { $0[place] = alarm }
      switch deliverFirst(of: queue, to: target) {
      case .delivered: pause = surroundings.firstPause
      case .nothing: _ = alarm.wait(for: .seconds(60))
      case .failed:
        // News must not hasten it: a target in trouble gets the time it needs.
        _ = stopping.wait(for: pause)
        pause = min(pause * 2, Self.greatestPause)
      }
    }
  }

  private enum Attempt {
    case delivered
    case nothing
    case failed
  }

  private func deliverFirst(of queue: WebhookQueue, to target: WebhookTarget) -> Attempt {
    do throws(StorageError) {
      metrics.value(.webhookWaiting, target.name).set(Double(try queue.count()))
      guard let entry = try queue.first() else { return .nothing }
      if let failure = failure(of: entry, to: target) {
        metrics.value(.webhookDeliveries, target.name, "failed").add()
        log.note(
          .warning, "webhook", failure, [("delivery", .string(entry.delivery)), ("target", .string(target.name))])
        return .failed
      }
      metrics.value(.webhookDeliveries, target.name, "delivered").add()
      try queue.remove(entry)
      return .delivered
    } catch {
      log.note(.error, "webhook", "the queue cannot be read: \(error.description)", [("target", .string(target.name))])
      return .failed
    }
  }

  /// Why a message was not delivered; nil when it was.
  ///
  /// The address stands in none of these.
  private func failure(of entry: WebhookQueue.Entry, to target: WebhookTarget) -> String? {
    let headers = target.headers(of: entry.body, delivery: entry.delivery)
    do throws(StoreError) {
      let status = try surroundings.send(target.address, headers, entry.body)
      return (200..<300).contains(status) ? nil : "the target answers with HTTP status \(status)"
    } catch {
      return "the target does not answer: \(error)"
    }
  }
}
