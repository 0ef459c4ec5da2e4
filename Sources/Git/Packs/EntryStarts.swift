/// Where the entries of a tree begin.
///
/// Versions of a folder have it in common for as long as no name comes or goes, so that it is found out once for
/// thousands of them.
final class EntryStarts: Sendable {
  /// In ascending order, and behind them where the last entry ends.
  private let places: [Int]

  /// - Complexity: O(*n*) in the bytes of the tree.
  init(of tree: ObjectContent) {
    var places = [0]
    places.reserveCapacity(tree.count / 32)
    tree.forEachEntryEnd(within: tree.count) { places.append($0) }
    self.places = places
  }

  /// From where to where the entry lies that has a byte; what is behind the last one is an empty entry.
  ///
  /// - Complexity: O(log *n*) in the number of entries.
  func entry(at offset: Int) -> Range<Int> {
    var (low, high) = (0, places.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if places[middle] <= offset { low = middle } else { high = middle }
    }
    return places[low]..<(high < places.count ? places[high] : places[low])
  }

  /// Whether some bytes are of one entry's id.
  func isInID(_ range: Range<Int>) -> Bool {
    let entry = entry(at: range.lowerBound)
    return entry.upperBound - 20 <= range.lowerBound && range.upperBound <= entry.upperBound
  }
}
