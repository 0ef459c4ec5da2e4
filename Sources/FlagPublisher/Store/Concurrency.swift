internal import enum FlagSource.Threads

/// Work in parts that do not depend on one another, on several threads.
enum Concurrency {
  /// Calls `body` with the numbers from 0 up to `count`, each once, and returns when all calls have.
  ///
  /// - Throws: the error of the first part that has one; parts after it may have been done all the same.
  static func run(
    _ count: Int, threads: Int, _ body: @Sendable (Int) throws(PublishingError) -> Void
  ) throws(PublishingError) {
    let results = Threads.map(count, threads: threads) { part in
      Result { () throws(PublishingError) in try body(part) }
    }
    for result in results { try result.get() }
  }
}
