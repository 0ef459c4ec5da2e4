internal import Dispatch
internal import Glibc

/// Runs the same work on several threads at once.
package enum Threads {
  /// How many threads are worth it: the processors that are online, eight at most.
  package static let count = min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 8)

  /// Calls `body` `count` times, at once as far as processors allow, and returns when all calls have.
  package static func run(_ count: Int, _ body: @Sendable () -> Void) {
    guard count > 1 else {
      body()
      return
    }
    DispatchQueue.concurrentPerform(iterations: count) { _ in body() }
  }
}
