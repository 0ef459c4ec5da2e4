internal import Synchronization

/// A limit on how many requests come from one token, or without one from one address: a bucket of requests for each,
/// which fills steadily.
package final class RateLimit: Sendable {
  /// How many requests a second are admitted in the long run.
  private let perSecond: Double
  /// How many may come at once.
  private let burst: Double
  /// The most buckets that are kept; full ones are forgotten first, since a new one is full.
  private let capacity: Int
  private let buckets: Mutex<[String: Bucket]>

  private struct Bucket {
    var requests: Double
    /// Seconds of the caller's clock.
    var updated: Double
  }

  /// A limit.
  ///
  /// - Parameters:
  ///   - perSecond: more than 0.
  ///   - burst: at least 1.
  ///   - capacity: at least 1.
  package init(perSecond: Double, burst: Double, capacity: Int = 100_000) {
    precondition(perSecond > 0 && burst >= 1 && capacity >= 1, "the options were checked")
    self.perSecond = perSecond
    self.burst = burst
    self.capacity = capacity
    buckets = Mutex([:])
  }

  /// Takes a request out of a bucket.
  ///
  /// - Parameters:
  ///   - name: whose bucket it is.
  ///   - now: seconds of a clock that never goes back.
  /// - Returns: nil when there was one; otherwise after how many whole seconds there is one again, 1 at least.
  package func admit(_ name: String, at now: Double) -> Int? {
    buckets.withLock { buckets in
      var bucket = buckets[name] ?? Bucket(requests: burst, updated: now)
      bucket.requests = min(burst, bucket.requests + max(0, now - bucket.updated) * perSecond)
      bucket.updated = max(bucket.updated, now)
      let isAdmitted = bucket.requests >= 1
      if isAdmitted { bucket.requests -= 1 }
      if buckets[name] == nil, buckets.count >= capacity { forget(&buckets, at: now) }
      buckets[name] = bucket
      return isAdmitted ? nil : max(1, Int(((1 - bucket.requests) / perSecond).rounded(.up)))
    }
  }

  /// Makes room: takes out all buckets that are full again, or else all, so that memory is bounded whoever calls.
  private func forget(_ buckets: inout [String: Bucket], at now: Double) {
    buckets = buckets.filter { $0.value.requests + max(0, now - $0.value.updated) * perSecond < burst }
    if buckets.count >= capacity { buckets = [:] }
  }
}
