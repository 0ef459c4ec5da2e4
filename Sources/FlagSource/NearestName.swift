/// The name that somebody who wrote an unknown one probably meant.
package enum NearestName {
  /// The candidate closest to `name`, or nil when none is close enough to be worth suggesting.
  ///
  /// Distance is the number of single-scalar insertions, deletions, replacements and swaps of neighbours, letter case
  /// not counted. A candidate may be away by a third of the longer name (at least one edit). A candidate that merely
  /// continues `name` is suggested too, when it alone does. Among equals the first by scalar order wins, so that the
  /// answer does not depend on the order of the candidates.
  ///
  /// - Complexity: O(*m* · *n*) for each candidate of a length close to that of `name`; names over 128 scalars are never
  ///   compared.
  package static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = folded(name)
    guard !wanted.isEmpty, wanted.count <= limit else { return nil }
    var best: (distance: Int, name: String)?
    var continuations: [String] = []
    for candidate in candidates {
      let scalars = folded(candidate)
      guard !scalars.isEmpty, scalars.count <= limit else { continue }
      if wanted.count >= 2, scalars.starts(with: wanted) { continuations.append(candidate) }
      let allowed = max(1, max(wanted.count, scalars.count) / 3)
      guard abs(wanted.count - scalars.count) <= allowed else { continue }
      let distance = distance(wanted, scalars)
      guard distance <= allowed, distance < max(wanted.count, scalars.count) else { continue }
      if let found = best, (found.distance, found.name) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    if best == nil, continuations.count == 1 { return continuations.first }
    return best?.name
  }

  /// Longer names are not compared: keys have at most 128 bytes.
  private static let limit = 128

  private static func folded(_ name: String) -> [Unicode.Scalar] {
    name.unicodeScalars.map { scalar in
      ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar
    }
  }

  /// The optimal string alignment distance of two names.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      current.reserveCapacity(right.count + 1)
      for column in right.indices {
        var cost = min(last[column + 1], current[column]) + 1
        cost = min(cost, last[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
