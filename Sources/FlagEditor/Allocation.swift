internal import Ensign
internal import FlagSource

/// Which of the 100,000 buckets get which variant.
package struct Allocation: Hashable, Sendable {
  /// A stretch of buckets, half-open.
  package struct Interval: Hashable, Sendable {
    package var variant: String
    package var from: Int
    package var to: Int

    /// How many buckets it has.
    var count: Int { to - from }
  }

  /// In ascending order, without gaps, from 0 to 100,000; neighbours have different variants.
  package private(set) var intervals: [Interval]

  /// Weights laid end to end in their order.
  init(weights: [(variant: String, buckets: Int)]) {
    intervals = []
    var start = 0
    for (variant, buckets) in weights {
      append(Interval(variant: variant, from: start, to: start + buckets))
      start += buckets
    }
  }

  /// What a serve gives to whom; nil for a ramp, which gives it by time.
  init?(_ serve: EnvironmentConfig.Serve) {
    switch serve {
    case .variant(let variant): self.init(weights: [(variant, Bucketing.count)])
    case .split(let weights, _): self.init(weights: weights.map { ($0.variant.value, $0.percentage.value.buckets) })
    case .ranges(let allocations, _):
      self.init(weights: [])
      let all = allocations.flatMap { allocation in
        allocation.intervals.map {
          Interval(variant: allocation.variant.value, from: $0.from.buckets, to: $0.to.buckets)
        }
      }
      for interval in all.sorted(by: { $0.from < $1.from }) { append(interval) }
    case .ramp: return nil
    }
  }

  private mutating func append(_ interval: Interval) {
    if interval.count == 0 { return }
    if let last = intervals.last, last.variant == interval.variant {
      intervals[intervals.count - 1].to = interval.to
    } else {
      intervals.append(interval)
    }
  }

  /// The variants in the order of their first bucket, each with its number of buckets.
  package var weights: [(variant: String, buckets: Int)] {
    var weights: [(variant: String, buckets: Int)] = []
    for interval in intervals {
      if let index = weights.firstIndex(where: { $0.variant == interval.variant }) {
        weights[index].buckets += interval.count
      } else {
        weights.append((interval.variant, interval.count))
      }
    }
    return weights
  }

  /// How many buckets a variant has.
  package func buckets(of variant: String) -> Int {
    intervals.reduce(0) { $0 + ($1.variant == variant ? $1.count : 0) }
  }

  /// The intervals of a variant.
  func intervals(of variant: String) -> [Interval] { intervals.filter { $0.variant == variant } }

  /// How many buckets have another variant in another allocation.
  package func moves(to other: Allocation) -> Int {
    var (moved, left, right) = (0, 0, 0)
    var position = 0
    while left < intervals.count, right < other.intervals.count {
      let end = min(intervals[left].to, other.intervals[right].to)
      if intervals[left].variant != other.intervals[right].variant { moved += end - position }
      position = end
      if intervals[left].to == end { left += 1 }
      if other.intervals[right].to == end { right += 1 }
    }
    return moved
  }

  /// How many buckets must move to give the variants the weights of another allocation, however they are cut.
  package func leastMoves(to other: Allocation) -> Int {
    other.weights.reduce(0) { $0 + max($1.buckets - buckets(of: $1.variant), 0) }
  }

  /// The same variants with the weights of another allocation, in which only the buckets move that must: each variant
  /// keeps its own from the first on, and gives away the last ones.
  func moved(least other: Allocation) -> Allocation {
    var kept = Dictionary(uniqueKeysWithValues: other.weights.map { ($0.variant, $0.buckets) })
    var free: [Interval] = []
    var pieces: [Interval] = []
    for interval in intervals {
      let count = min(interval.count, kept[interval.variant] ?? 0)
      kept[interval.variant, default: 0] -= count
      pieces.append(Interval(variant: interval.variant, from: interval.from, to: interval.from + count))
      free.append(Interval(variant: "", from: interval.from + count, to: interval.to))
    }
    for (variant, _) in other.weights {
      var missing = kept[variant] ?? 0
      while missing > 0, let first = free.firstIndex(where: { $0.count > 0 }) {
        let count = min(missing, free[first].count)
        pieces.append(Interval(variant: variant, from: free[first].from, to: free[first].from + count))
        free[first].from += count
        missing -= count
      }
    }
    var result = Allocation(weights: [])
    for piece in pieces.sorted(by: { ($0.from, $0.to) < ($1.from, $1.to) }) { result.append(piece) }
    return result
  }

  /// A number divided in proportion to weights, to whole parts that sum to it: what rounding down leaves goes to the
  /// greatest remainders, of equal ones to the first.
  static func divide(_ total: Int, by weights: [Int]) -> [Int] {
    let sum = weights.reduce(0, +)
    guard sum > 0 else { return weights.indices.map { $0 == 0 ? total : 0 } }
    var parts = weights.map { total * $0 / sum }
    let order = weights.indices.sorted {
      (total * weights[$0] % sum, -$0) > (total * weights[$1] % sum, -$1)
    }
    for index in order.prefix(total - parts.reduce(0, +)) { parts[index] += 1 }
    return parts
  }
}
