/// Finds the known name that a mistyped one most likely means.
package enum NearestName {
  /// The only name of `known` that begins with `typed`, or else the nearest one; nil when none is near.
  ///
  /// A beginning has three bytes or more. The nearest name has the smallest edit distance (insertions, deletions,
  /// replacements and swaps of neighbours), and at most a third of the longer one's bytes differ; ties go to the earlier
  /// one. Case is ignored.
  ///
  /// - Complexity: O(sum of the lengths), and of the products of the lengths of names that have nearly the same
  ///   letters; names longer than 128 bytes are passed over.
  package static func find(_ typed: String, among known: some Sequence<String>) -> String? {
    guard typed.utf8.count <= greatestLength else { return nil }
    var search = Search(folded(typed))
    var best: (name: String, distance: Int)?
    var begun: [String] = []
    for name in known where name.utf8.count <= greatestLength {
      if begun.count < 2, search.begins(name) { begun.append(name) }
      let limit = max(typed.utf8.count, name.utf8.count) / 3
      let allowed = min(max(limit, 1), (best?.distance ?? Int.max) - 1)
      guard abs(typed.utf8.count - name.utf8.count) <= allowed else { continue }
      if let distance = search.distance(to: name, atMost: allowed) { best = (name, distance) }
      if best?.distance == 0 { break }
    }
    return begun.count == 1 && typed.utf8.count >= leastBeginning ? begun[0] : best?.name
  }

  private static let greatestLength = 128
  private static let leastBeginning = 3

  private static func folded(_ name: String) -> [UInt8] { name.utf8.map(folded) }

  private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

  /// One typed name, with room for the comparison with many.
  private struct Search {
    private let typed: [UInt8]
    private let letters: UInt64
    private var other: [UInt8] = []
    private var beforePrevious: [Int]
    private var previous: [Int]
    private var current: [Int]

    init(_ typed: [UInt8]) {
      self.typed = typed
      letters = typed.reduce(0) { $0 | Self.letter($1) }
      beforePrevious = Array(repeating: 0, count: greatestLength + 1)
      previous = beforePrevious
      current = beforePrevious
    }

    /// Whether a name begins with the one that was typed.
    func begins(_ name: String) -> Bool {
      name.utf8.count >= typed.count && zip(name.utf8, typed).allSatisfy { NearestName.folded($0) == $1 }
    }

    private static func letter(_ byte: UInt8) -> UInt64 { 1 << UInt64(byte & 63) }

    /// The optimal string alignment distance to `name`; nil when it is more than `limit`.
    mutating func distance(to name: String, atMost limit: Int) -> Int? {
      // A letter that only one of the two has takes an edit, and an edit takes at most one away on each side.
      var letters: UInt64 = 0
      for byte in name.utf8 { letters |= Self.letter(NearestName.folded(byte)) }
      guard (letters & ~self.letters).nonzeroBitCount <= limit, (self.letters & ~letters).nonzeroBitCount <= limit
      else { return nil }
      other.removeAll(keepingCapacity: true)
      for byte in name.utf8 { other.append(NearestName.folded(byte)) }
      return distance(atMost: limit)
    }

    private mutating func distance(atMost limit: Int) -> Int? {
      for column in 0...other.count { previous[column] = column }
      for row in typed.indices {
        current[0] = row + 1
        var least = row + 1
        for column in other.indices {
          var cost = min(
            previous[column + 1] + 1, current[column] + 1, previous[column] + (typed[row] == other[column] ? 0 : 1))
          if row > 0, column > 0, typed[row] == other[column - 1], typed[row - 1] == other[column] {
            cost = min(cost, beforePrevious[column - 1] + 1)
          }
          current[column + 1] = cost
          least = min(least, cost)
        }
        // A swap of neighbours may still go back by one row, at the cost of one.
        guard least <= limit + 1 else { return nil }
        swap(&beforePrevious, &previous)
        swap(&previous, &current)
      }
      return previous[other.count] <= limit ? previous[other.count] : nil
    }
  }
}
