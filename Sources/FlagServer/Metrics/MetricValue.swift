internal import Ensign
internal import Synchronization

/// A number of a metric under certain labels; any number of threads may change it at once.
package final class MetricValue: Sendable {
  private let bits = Atomic<UInt64>(0)

  init() {}

  /// The number.
  package var number: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  /// Adds to the number.
  package func add(_ amount: Double = 1) {
    var before = bits.load(ordering: .relaxed)
    while true {
      let sum = (Double(bitPattern: before) + amount).bitPattern
      let (isDone, now) = bits.weakCompareExchange(expected: before, desired: sum, ordering: .relaxed)
      if isDone { return }
      before = now
    }
  }

  /// Replaces the number.
  package func set(_ number: Double) { bits.store(number.bitPattern, ordering: .relaxed) }
}

/// The observations of a histogram under certain labels.
package final class MetricHistogram: Sendable {
  /// Observations in each bucket alone, the infinite one last.
  private let counts: [MetricValue]
  private let sum = MetricValue()

  init() { counts = (0...Metric.bounds.count).map { _ in MetricValue() } }

  /// Takes in an observation, in seconds.
  package func observe(_ seconds: Double) {
    counts[Metric.bounds.firstIndex { seconds <= $0 } ?? Metric.bounds.count].add()
    sum.add(seconds)
  }

  /// Takes in the time from a moment of ``Client/Surroundings/monotonic()`` until now.
  func observe(since start: Duration) {
    let (seconds, attoseconds) = (Client.Surroundings.monotonic() - start).components
    observe(Double(seconds) + Double(attoseconds) * 1e-18)
  }

  /// The sum of all observations, and how many are in each bucket and those before it.
  var state: (sum: Double, cumulative: [Double]) {
    var total = 0.0
    let cumulative = counts.map { count in
      total += count.number
      return total
    }
    return (sum.number, cumulative)
  }
}
