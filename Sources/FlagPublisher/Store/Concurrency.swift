internal import Ensign
internal import Synchronization

internal import enum FlagSource.Threads

/// Work in parts that do not depend on one another, on several threads.
enum Concurrency {
  /// Calls `body` with the numbers from 0 up to `count`, each once, and returns when all calls have.
  ///
  /// - Throws: the error of the first part that has one; parts after it may have been done all the same.
  static func run(
    _ count: Int, threads: Int, _ body: @Sendable (Int) throws(PublishingError) -> Void
  ) throws(PublishingError) {
    let next = Atomic(0)
    let failure = Guarded<(part: Int, error: PublishingError)?>(nil)
    Threads.run(threads) {
      while true {
        let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard part < count else { return }
        do throws(PublishingError) {
          try body(part)
        } catch {
          failure.withLock { if part < $0?.part ?? .max { $0 = (part, error) } }
        }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }
}
