package import Ensign
internal import HTTP
internal import Synchronization

/// What an environment has, when there is something to tell about it.
package struct FollowedState: Sendable {
  /// How the last update went.
  package var report: ClientReport
  /// What is served; nil while there is nothing verified.
  package var files: (snapshot: Snapshot, bytes: [UInt8], manifest: [UInt8])?
  /// The trust files behind the anchor that were verified: version and bytes.
  package var trust: [(version: Int, envelope: [UInt8])]
}

/// Follows one environment of a store, as a client does, on a thread of its own.
package final class EnvironmentFollower: Sendable {
  package let environment: String
  private let client: Client
  private let store: FollowedStore
  private let onState: @Sendable (FollowedState) -> Void
  private let alarm = Alarm()

  /// Opens the state, and verifies again what is in it.
  ///
  /// - Parameters:
  ///   - trust: the bytes of the trust file to begin with.
  ///   - project: the project that manifests must name; nil for that of the first one.
  ///   - onState: called with every change, at first with what the state has.
  package init(
    _ environment: String, of store: FollowedStore, trust: [UInt8], project: String?, files: any DurableFiles,
    onState: @escaping @Sendable (FollowedState) -> Void
  ) throws(ClientError) {
    self.environment = environment
    self.store = store
    self.onState = onState
    var configuration = Client.Configuration(
      project: project ?? "", environment: environment, store: store.name, trust: trust)
    // A server does not evaluate flags to decide whether it starts: no start is a bad one.
    configuration.settleAfter = .zero
    client = try Client(configuration, in: .init(store: store, files: files), project: project)
    client.confirm()
  }

  /// How the client is.
  package var report: ClientReport { client.report }

  /// Begins to follow; what prevents it, or 0.
  package func start() -> Int32 {
    tell()
    return BackgroundThread.start { self.run() }
  }

  /// Ends, within a second.
  package func stop() {
    store.cancel()
    alarm.ring()
  }

  private func run() {
    var failures = 0
    while true {
      let start = Client.Surroundings.monotonic()
      let before = client.report
      // What could not be stored is tried again soon.
      store.wait(before.status != .unstored)
      let report = client.update()
      client.confirm()
      let isNews = before.place != report.place
      if isNews || before.status != report.status || before.message != report.message
        || before.lastAttempt == nil || before.trustVersion != report.trustVersion
      {
        tell()
      }
      failures = report.lastSuccess != before.lastSuccess ? 0 : failures + 1
      if alarm.wait(for: pause(after: failures, Client.Surroundings.monotonic() - start, isNews: isNews)) { break }
    }
    client.close()
  }

  /// How long to wait: not at all when the store did, and when something has just come, after which more may.
  private func pause(after failures: Int, _ duration: Duration, isNews: Bool) -> Duration {
    if failures > 0 {
      let seconds = min(1 << min(failures - 1, 10), store.longestPause)
      return .milliseconds(Int64(Double(seconds) * 1000 * Double.random(in: 0.75..<1.25)))
    }
    return isNews || duration > .seconds(5) ? .zero : .seconds(5) - duration
  }

  private func tell() {
    var state = FollowedState(report: client.report, files: nil, trust: client.storedTrust())
    if let stored = client.storedFiles(), let snapshot = client.snapshot {
      state.files = (snapshot, stored.snapshot, stored.manifest)
    }
    onState(state)
  }
}

extension ClientReport {
  /// Which manifest is served: of two with one snapshot, signed in one second, the sequence tells.
  fileprivate var place: [Int64] {
    [Int64(epoch ?? 0), Int64(sequence ?? 0), created?.milliseconds ?? 0]
  }
}
