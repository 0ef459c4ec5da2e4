internal import Synchronization

/// A request that takes more than one call.
final class RequestState: @unchecked Sendable, Topic.Waiter {
  // Unchecked: what is not locked or atomic is used on the connection's thread only.

  /// What is to be done when the library calls next.
  enum Phase {
    /// The head has come, nothing was looked at.
    case head
    /// The head was accepted.
    case accepted
    /// The body is being read.
    case reading(limit: Int, then: @Sendable ([UInt8]) -> Answer)
    /// Something is waited for.
    case waiting(Topic, version: Int, then: @Sendable () -> Answer)
    /// Something is being worked out.
    case working
    /// The answer was given.
    case answered
  }

  /// What follows the question mark of the target.
  let query: String?
  var phase = Phase.head
  /// Whether all of the request has come.
  var isInProgress = false
  var body: [UInt8] = []
  /// Bytes of the body beyond its limit.
  var excess = 0
  private var suspension: Suspension?
  private let secondsLeft = Atomic<Int>(0)
  private let result = Mutex<PreparedResponse??>(.none)

  init(query: String?) { self.query = query }

  // MARK: - Waiting

  /// Waits for a topic, with the connection put aside.
  func wait(for topic: Topic, after version: Int, seconds: Int, _ suspension: Suspension) {
    self.suspension = suspension
    secondsLeft.store(seconds, ordering: .sequentiallyConsistent)
    topic.add(self)
    suspension.suspend()
    if topic.version > version || topic.isClosed { suspension.resume() }
  }

  func wake() { suspension?.resume() }

  func tick() {
    if secondsLeft.subtract(1, ordering: .sequentiallyConsistent).newValue <= 0 { suspension?.resume() }
  }

  // MARK: - Working

  /// Has something worked out on another thread, with the connection put aside; false when there is no thread.
  func work(_ body: @escaping @Sendable () -> PreparedResponse?, _ suspension: Suspension) -> Bool {
    phase = .working
    let status = BackgroundThread.start {
      let response = body()
      self.result.withLock { $0 = .some(response) }
      suspension.resume()
    }
    guard status == 0 else { return false }
    suspension.suspend()
    if isDone { suspension.resume() }
    return true
  }

  private var isDone: Bool { result.withLock { $0 != nil } }

  /// What was worked out; nil while that goes on.
  func takeResult() -> PreparedResponse?? { result.withLock { $0 } }
}
