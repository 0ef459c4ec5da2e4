/// Finds the known name that a mistyped one most likely means.
package enum NearestName {
  /// The name of `known` with the smallest edit distance to `typed` (insertions, deletions, replacements and swaps of
  /// neighbours, ignoring case), when at most a third of the longer name's bytes differ; ties go to the earlier one.
  ///
  /// - Complexity: O(sum of the products of the lengths); names longer than 128 bytes are passed over.
  package static func find(_ typed: String, among known: some Sequence<String>) -> String? {
    let typedBytes = folded(typed)
    guard typedBytes.count <= 128 else { return nil }
    var best: (name: String, distance: Int)?
    for name in known {
      let bytes = folded(name)
      guard bytes.count <= 128 else { continue }
      let limit = max(typedBytes.count, bytes.count) / 3
      let allowed = min(max(limit, 1), (best?.distance ?? Int.max - 1) - 1)
      guard abs(typedBytes.count - bytes.count) <= allowed else { continue }
      let distance = distance(typedBytes, bytes)
      if distance <= allowed { best = (name, distance) }
    }
    return best?.name
  }

  private static func folded(_ name: String) -> [UInt8] {
    name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  }

  /// The optimal string alignment distance of two byte strings.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for (row, leftByte) in left.enumerated() {
      var current = [row + 1]
      for (column, rightByte) in right.enumerated() {
        var cost = min(
          previous[column + 1] + 1, current[column] + 1, previous[column] + (leftByte == rightByte ? 0 : 1))
        if row > 0, column > 0, leftByte == right[column - 1], left[row - 1] == rightByte {
          cost = min(cost, beforePrevious[column - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}
