/// Unites regions that differ in one axis only, so that few are left to be told.
enum RegionMerging {
  /// The regions, united as far as that goes; in the order in which they were found.
  static func merge(_ regions: [Region], _ layout: RegionLayout, axes: Range<Int>) -> [Region] {
    guard regions.count > 1 else { return regions }
    var best: RegionTable?
    // Which axis goes first can make a difference. Many regions are united in one way only.
    for offset in 0..<(regions.count > 24 ? 1 : axes.count) {
      let order = axes.map { axes.lowerBound + ($0 - axes.lowerBound + offset) % axes.count }
      var table = RegionTable(regions)
      table.merge(order.map(layout.words))
      if table.count < (best?.count ?? .max) { best = table }
    }
    return best?.regions ?? regions
  }
}

/// Regions one behind the other, to be united in place: there can be thousands, and each is compared often.
private struct RegionTable {
  private var words: [UInt64]
  /// How many words a region has.
  private let width: Int
  private(set) var count: Int
  /// Places of regions by their hashes, with open addressing; -1 is none.
  private var slots: [Int32]

  init(_ regions: [Region]) {
    words = regions.flatMap { $0 }
    width = regions.first?.count ?? 0
    count = regions.count
    var size = 4
    while size < 2 * regions.count { size *= 2 }
    slots = [Int32](repeating: -1, count: size)
  }

  var regions: [Region] { (0..<count).map { Region(words[$0 * width..<($0 + 1) * width]) } }

  /// Unites until nothing unites any more, axis by axis.
  mutating func merge(_ axes: [Range<Int>]) {
    while true {
      let former = count
      for axis in axes { unite(axis) }
      if count == former { return }
    }
  }

  /// Unites the regions that are equal but for some words.
  private mutating func unite(_ axis: Range<Int>) {
    for slot in slots.indices { slots[slot] = -1 }
    var kept = 0
    for place in 0..<count {
      var slot = hash(place, without: axis) & (slots.count - 1)
      while slots[slot] >= 0, !isEqual(Int(slots[slot]), place, without: axis) { slot = (slot + 1) & (slots.count - 1) }
      if slots[slot] >= 0 {
        for word in axis { words[Int(slots[slot]) * width + word] |= words[place * width + word] }
      } else {
        slots[slot] = Int32(kept)
        if kept < place { for word in 0..<width { words[kept * width + word] = words[place * width + word] } }
        kept += 1
      }
    }
    count = kept
  }

  private func hash(_ place: Int, without axis: Range<Int>) -> Int {
    var hash: UInt64 = 0
    for word in 0..<width where !axis.contains(word) {
      hash = (hash ^ words[place * width + word]) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash >> 32
    }
    return Int(truncatingIfNeeded: hash)
  }

  private func isEqual(_ left: Int, _ right: Int, without axis: Range<Int>) -> Bool {
    for word in 0..<width where !axis.contains(word) && words[left * width + word] != words[right * width + word] {
      return false
    }
    return true
  }
}
