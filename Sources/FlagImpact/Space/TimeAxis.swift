internal import Ensign

/// The moments of evaluation, cut where a flag may decide otherwise than before.
struct TimeAxis {
  /// The moments of each cell, in milliseconds, in order; together all that there are.
  let cells: [ClosedRange<Int64>]
  /// A moment of each cell, at which it is looked at.
  let representatives: [Int64]
  /// Whether a linear ramp moves inside of each cell, so that one moment does not stand for all.
  let isSlope: [Bool]
  /// Whether two linear ramps of one hash move inside of each cell, so that one may overtake the other.
  let isAmbiguous: [Bool]

  /// The moment of flag tests that do not say one, 2026-01-01T00:00:00Z.
  private static let usualMoment: Int64 = 1_767_225_600_000

  init(moments: Set<Int64>, slopes: [Range<Int64>], ambiguities: [Range<Int64>]) {
    let domain = Timestamp.range
    let starts = [domain.lowerBound] + moments.filter { $0 > domain.lowerBound && $0 <= domain.upperBound }.sorted()
    var cells: [ClosedRange<Int64>] = []
    for (index, start) in starts.enumerated() {
      cells.append(start...(index + 1 < starts.count ? starts[index + 1] - 1 : domain.upperBound))
    }
    self.cells = cells
    func isInside(_ cell: ClosedRange<Int64>, _ ranges: [Range<Int64>]) -> Bool {
      cell.lowerBound < cell.upperBound
        && ranges.contains { $0.contains(cell.lowerBound) && $0.contains(cell.upperBound) }
    }
    isSlope = cells.map { isInside($0, slopes) }
    isAmbiguous = cells.map { isInside($0, ambiguities) }
    representatives = zip(cells, isSlope).enumerated().map { index, element in
      let (cell, isSlope) = element
      if isSlope { return cell.lowerBound + (cell.upperBound - cell.lowerBound) / 2 }
      if cell.contains(Self.usualMoment) { return Self.usualMoment }
      return index == 0 ? cell.upperBound : cell.lowerBound
    }
  }

  /// The cell of a moment.
  func cell(of moment: Int64) -> Int { cells.firstIndex { $0.contains(moment) } ?? 0 }
}
