internal import Ensign

/// Finds allocations that move more contexts than their new weights ask for.
enum Excess {
  /// The excesses of all rules that both versions have, and of `otherwise`.
  static func find(_ before: FlagForm?, _ after: FlagForm?) -> [ExcessMovement] {
    guard let before, let after, before.type == after.type else { return [] }
    var places: [(Evaluation.Place, ServeForm, ServeForm)] = []
    for rule in after.rules {
      guard let old = before.rules.first(where: { ExactText($0.name) == ExactText(rule.name) }) else { continue }
      places.append((.rule(rule.name), old.serve, rule.serve))
    }
    places.append((.otherwise, before.otherwise, after.otherwise))
    return places.compactMap { place, old, new in
      guard case .ranges(let oldRanges, let oldHash, let seed) = old, case .ranges(let newRanges, let newHash, _) = new
      else { return nil }
      return find(
        place, oldRanges, newRanges, isSameHash: oldHash == newHash, seed: seed, by: oldHash.by)
    }
  }

  private typealias Range = ExcessMovement.Range

  private static func find(
    _ place: Evaluation.Place, _ old: [Range], _ new: [Range], isSameHash: Bool, seed: String, by: String
  ) -> ExcessMovement? {
    let oldWeights = weights(old)
    let newWeights = weights(new)
    var unavoidable = 0
    for (variant, weight) in newWeights { unavoidable += max(0, weight - (oldWeights[variant] ?? 0)) }
    let moved: Int
    if isSameHash {
      moved = Bucketing.count - kept(old, new)
    } else {
      // Independent of each other: who stays does so by chance.
      var stay = 0
      for (variant, weight) in newWeights { stay += weight * (oldWeights[variant] ?? 0) }
      moved = Bucketing.count - stay / Bucketing.count
    }
    guard moved > unavoidable else { return nil }
    return ExcessMovement(
      place: place, moved: moved, unavoidable: unavoidable, cause: isSameHash ? .shifted : .redealt,
      ranges: reallocate(old, newWeights, order: new.map(\.variant)), seed: seed, by: by)
  }

  private static func weights(_ ranges: [Range]) -> [ExactText: Int] {
    var weights: [ExactText: Int] = [:]
    for range in ranges { weights[ExactText(range.variant), default: 0] += range.to - range.from }
    return weights
  }

  /// How many buckets have the same variant in both.
  private static func kept(_ old: [Range], _ new: [Range]) -> Int {
    var kept = 0
    for left in old {
      for right in new where ExactText(left.variant) == ExactText(right.variant) {
        kept += max(0, min(left.to, right.to) - max(left.from, right.from))
      }
    }
    return kept
  }

  /// The new weights on the old allocation: each variant keeps its old buckets from the first one on, up to its new
  /// weight, and those that grow take what is left over.
  private static func reallocate(_ old: [Range], _ weights: [ExactText: Int], order: [String]) -> [Range] {
    var wanted = weights
    var ranges: [Range] = []
    var free: [Range] = []
    for range in old {
      let keep = min(range.to - range.from, wanted[ExactText(range.variant)] ?? 0)
      wanted[ExactText(range.variant)] = (wanted[ExactText(range.variant)] ?? 0) - keep
      if keep > 0 { ranges.append(Range(variant: range.variant, from: range.from, to: range.from + keep)) }
      if range.from + keep < range.to { free.append(Range(variant: "", from: range.from + keep, to: range.to)) }
    }
    var growing = order.filter { (wanted[ExactText($0)] ?? 0) > 0 }
    for gap in free {
      var from = gap.from
      while from < gap.to, let variant = growing.first {
        let left = wanted[ExactText(variant)] ?? 0
        let take = min(left, gap.to - from)
        if take > 0 { ranges.append(Range(variant: variant, from: from, to: from + take)) }
        from += take
        wanted[ExactText(variant)] = left - take
        if left == take { growing.removeFirst() }
      }
    }
    return merged(ranges.sorted { $0.from < $1.from })
  }

  private static func merged(_ ranges: [Range]) -> [Range] {
    var merged: [Range] = []
    for range in ranges {
      if let last = merged.last, ExactText(last.variant) == ExactText(range.variant) {
        merged[merged.count - 1].to = range.to
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}
