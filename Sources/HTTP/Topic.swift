internal import Glibc
internal import Synchronization

/// Something that changes, and that requests wait for: by long polling, or as a stream of events.
///
/// Only its newest event counts: who is slow misses those in between.
package final class Topic: Sendable {
  /// Who waits.
  protocol Waiter: AnyObject, Sendable {
    /// Called after something has happened, the topic was closed, or a second has passed.
    func wake()
    /// Called once a second.
    func tick()
  }

  /// Seconds without an event after which a comment is sent, which finds out whether the other side is still there.
  package static let heartbeatSeconds = 15

  private struct State {
    var event: SharedBytes?
    var isClosed = false
    var waiters: [ObjectIdentifier: any Waiter] = [:]
  }

  private let state = Mutex(State())
  private let newest = Atomic<Int>(0)

  /// A topic in which nothing has happened yet.
  package init() {}

  /// How many events there have been.
  package var version: Int { newest.load(ordering: .sequentiallyConsistent) }

  /// How many requests wait for it.
  package var waiterCount: Int { state.withLock { $0.waiters.count } }

  /// Makes something happen, and wakes all who wait for it.
  package func publish(_ event: [UInt8]) {
    let event = SharedBytes(event)
    let waiters = state.withLock { state in
      state.event = event
      newest.add(1, ordering: .sequentiallyConsistent)
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.wake() }
  }

  /// Ends all streams, and answers all who wait.
  package func close() {
    let waiters = state.withLock { state in
      state.isClosed = true
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.wake() }
  }

  /// Called once a second.
  package func tick() {
    for waiter in state.withLock({ Array($0.waiters.values) }) { waiter.tick() }
  }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  /// The newest event, if it is newer than a version.
  func event(after version: Int) -> (version: Int, bytes: SharedBytes)? {
    guard self.version > version else { return nil }
    return state.withLock { state in state.event.map { (self.version, $0) } }
  }

  func add(_ waiter: any Waiter) { state.withLock { $0.waiters[ObjectIdentifier(waiter)] = waiter } }

  func remove(_ waiter: any Waiter) { state.withLock { _ = $0.waiters.removeValue(forKey: ObjectIdentifier(waiter)) } }
}
