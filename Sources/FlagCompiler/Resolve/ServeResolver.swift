internal import Ensign
internal import FlagSource

/// Turns serves and shares as written into buckets, with the defaults of `by` and `seed` filled in.
enum ServeResolver {
  /// What a context gets; a flag's key is the default of the seed.
  static func resolve(_ serve: EnvironmentConfig.Serve, flag: String) -> ResolvedServe {
    switch serve {
    case .variant(let name): .variant(name)
    case .split(let weights, let hashing): .ranges(allocate(weights), resolve(hashing, flag: flag))
    case .ranges(let allocations, let hashing): .ranges(order(allocations), resolve(hashing, flag: flag))
    case .ramp(let ramp, let hashing):
      .ramp(
        ResolvedServe.Ramp(
          variant: ramp.variant.value, from: ramp.from.value, shape: ramp.shape,
          steps: ramp.steps.map { ($0.at.value, $0.percentage.value.buckets) }),
        resolve(hashing, flag: flag))
    }
  }

  /// Who takes part: a share's own `by` and `seed`, else those of its serve, else the defaults; nil when everyone does.
  static func resolve(
    _ share: EnvironmentConfig.Share, beside serve: EnvironmentConfig.Serve, flag: String
  ) -> ResolvedShare? {
    let buckets = share.percentage.value.buckets
    guard buckets < Bucketing.count else { return nil }
    var hashing = share.hashing
    switch serve {
    case .variant: break
    case .split(_, let outer), .ranges(_, let outer), .ramp(_, let outer):
      hashing = EnvironmentConfig.Hashing(by: hashing.by ?? outer.by, seed: hashing.seed ?? outer.seed)
    }
    return ResolvedShare(buckets: buckets, hashing: resolve(hashing, flag: flag))
  }

  private static func resolve(_ hashing: EnvironmentConfig.Hashing, flag: String) -> ResolvedHashing {
    ResolvedHashing(
      by: hashing.by?.value ?? AttributeDeclaration.targetingKey, seed: hashing.seed?.value ?? flag)
  }

  /// Weights laid end to end in the written order, from 0.
  private static func allocate(_ weights: [EnvironmentConfig.Weight]) -> [ResolvedServe.Range] {
    var ranges: [ResolvedServe.Range] = []
    ranges.reserveCapacity(weights.count)
    var start = 0
    for weight in weights {
      let end = start + weight.percentage.value.buckets
      append(ResolvedServe.Range(variant: weight.variant.value, from: start, to: end), to: &ranges)
      start = end
    }
    return ranges
  }

  /// Explicit intervals in ascending order.
  private static func order(_ allocations: [EnvironmentConfig.Allocation]) -> [ResolvedServe.Range] {
    let intervals = allocations.flatMap { allocation in
      allocation.intervals.map { interval in
        ResolvedServe.Range(
          variant: allocation.variant.value, from: interval.from.buckets, to: interval.to.buckets)
      }
    }
    var ranges: [ResolvedServe.Range] = []
    for range in intervals.sorted(by: { $0.from < $1.from }) { append(range, to: &ranges) }
    return ranges
  }

  /// Appends a range that begins where the last one ends: an empty one is dropped, one of the same variant joins it.
  private static func append(_ range: ResolvedServe.Range, to ranges: inout [ResolvedServe.Range]) {
    guard range.from < range.to else { return }
    if let last = ranges.last, last.variant == range.variant {
      ranges[ranges.count - 1].to = range.to
    } else {
      ranges.append(range)
    }
  }
}
