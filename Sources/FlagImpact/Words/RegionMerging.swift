/// Unites regions that differ in one axis only, so that few are left to be told.
enum RegionMerging {
  /// The regions, united as far as that goes; in the order in which they were found.
  static func merge(_ regions: [Region], _ layout: RegionLayout, axes: Range<Int>) -> [Region] {
    guard regions.count > 1 else { return regions }
    var best: [Region]?
    // Which axis goes first can make a difference. Many regions are united in one way only.
    for offset in 0..<(regions.count > 24 ? 1 : axes.count) {
      let order = axes.map { axes.lowerBound + ($0 - axes.lowerBound + offset) % axes.count }
      let merged = merge(regions, layout, order: order)
      if merged.count < (best?.count ?? .max) { best = merged }
    }
    return best ?? regions
  }

  private static func merge(_ regions: [Region], _ layout: RegionLayout, order: [Int]) -> [Region] {
    var regions = regions
    while true {
      let count = regions.count
      for axis in order { regions = unite(regions, layout.words(of: axis)) }
      if regions.count == count { return regions }
    }
  }

  /// Unites the regions that are equal but for some words.
  private static func unite(_ regions: [Region], _ words: Range<Int>) -> [Region] {
    var places: [Region: Int] = [:]
    var united: [Region] = []
    for region in regions {
      var rest = region
      for word in words { rest[word] = 0 }
      if let place = places[rest] {
        for word in words { united[place][word] |= region[word] }
      } else {
        places[rest] = united.count
        united.append(region)
      }
    }
    return united
  }
}
