/// What a client's report is made of; the rest is the time at which it is asked for.
struct ClientCondition: Sendable {
  var failure: VerificationError?
  /// What is wrong with the state directory.
  var problem: String?
  var served: ClientReport.Served
  var running: Manifest?
  /// The newest accepted manifest, when it is its snapshot that is held back, and how many starts failed with it.
  var held: (manifest: Manifest, starts: Int)?
  var trustVersion: Int
  var trustExpires: Timestamp
  var lastAttempt: Timestamp?
  var lastSuccess: Timestamp?

  /// The condition after what the updater did last.
  init(of updater: ClientUpdater) {
    failure = updater.failure
    problem = updater.folder?.problem
    served = updater.served
    running = updater.running
    if let newest = updater.newest, updater.served != .current, !updater.lacksSnapshot {
      held = (newest.manifest, updater.starts?.count ?? 0)
    }
    trustVersion = updater.trust.version
    trustExpires = updater.trust.expires
    lastAttempt = updater.lastAttempt
    lastSuccess = updater.lastSuccess
  }

  /// The report of a moment.
  ///
  /// The status is the gravest of what is the matter: content that was refused, flags that are too old, a store that does
  /// not answer, a snapshot that is held back, a directory that keeps nothing. The message tells all of it.
  func report(at now: Timestamp) -> ClientReport {
    var matters: [(status: ClientStatus, message: String)] = []
    if let failure, failure.status.isRefusal { matters.append((failure.status, failure.message)) }
    if let staleness = staleness(at: now) { matters.append((.stale, staleness)) }
    if let failure, !failure.status.isRefusal { matters.append((failure.status, failure.message)) }
    if let held {
      let snapshot = "the snapshot of sequence \(held.manifest.sequence)"
      let instead = served == .safe ? "the last safe one is used" : "the defaults in the code are used"
      matters.append(
        (.held, "\(held.starts) starts of the service are not known to be good with \(snapshot); \(instead)"))
    }
    if let problem { matters.append((.unstored, "state directory: \(problem)")) }
    let rest: ClientStatus = lastAttempt == nil ? .starting : .current
    return ClientReport(
      status: matters.first?.status ?? rest, message: matters.map(\.message).joined(separator: "; "), served: served,
      epoch: running?.epoch, sequence: running?.sequence, sha256: running?.snapshot.sha256, created: running?.created,
      expires: running?.expires, trustVersion: trustVersion, lastAttempt: lastAttempt, lastSuccess: lastSuccess)
  }

  private func staleness(at now: Timestamp) -> String? {
    if let running, running.isStale(at: now) { return "the manifest expired at \(running.expires)" }
    guard Clocks.isPast(trustExpires, at: now), running != nil else { return nil }
    return "trust version \(trustVersion) expired at \(trustExpires)"
  }
}
