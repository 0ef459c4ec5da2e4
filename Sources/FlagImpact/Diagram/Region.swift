/// A set of contexts and buckets: for each axis some of its cells, and all their combinations.
///
/// The bits of all axes lie in one array; which words are whose is the layout's.
typealias Region = [UInt64]

/// Which words of a region belong to which axis.
struct RegionLayout {
  private(set) var starts: [Int] = [0]
  private(set) var counts: [Int] = []

  /// Adds an axis with so many cells.
  mutating func append(cells count: Int) {
    starts.append(starts[starts.count - 1] + (count + 63) / 64)
    counts.append(count)
  }

  /// All cells of all axes.
  var everything: Region {
    var region = Region(repeating: 0, count: starts[starts.count - 1])
    for axis in counts.indices { for cell in 0..<counts[axis] { insert(cell, of: axis, into: &region) } }
    return region
  }

  func words(of axis: Int) -> Range<Int> { starts[axis]..<starts[axis + 1] }

  func contains(_ cell: Int, of axis: Int, in region: Region) -> Bool {
    region[starts[axis] + cell / 64] >> UInt64(cell % 64) & 1 == 1
  }

  func insert(_ cell: Int, of axis: Int, into region: inout Region) {
    region[starts[axis] + cell / 64] |= 1 << UInt64(cell % 64)
  }

  /// The cells of an axis in a region, ascending.
  func cells(of axis: Int, in region: Region) -> [Int] {
    var cells: [Int] = []
    for word in words(of: axis) {
      var bits = region[word]
      while bits != 0 {
        cells.append((word - starts[axis]) * 64 + bits.trailingZeroBitCount)
        bits &= bits - 1
      }
    }
    return cells
  }

  func isFull(_ axis: Int, in region: Region) -> Bool {
    words(of: axis).reduce(0) { $0 + region[$1].nonzeroBitCount } == counts[axis]
  }
}
