internal import FlagSource

/// The listed targeting keys of a segment: unique, sorted by their UTF-8 bytes, and held as places in one buffer, because
/// a list may have a million of them.
struct SegmentKeys {
  /// The UTF-8 bytes that ``places`` point into.
  private(set) var bytes: [UInt8]
  /// The keys' places, in the order of the keys.
  private(set) var places: [Range<Int>]

  var isEmpty: Bool { places.isEmpty }

  /// Merges the keys of a mapping with those of the list beside it, if there is one.
  ///
  /// - Complexity: O(*n* log *n*) in the written keys, O(*n*) in the listed ones, which come sorted.
  init(_ written: [Located<String>], listed: Segment.IncludedKeys? = nil) {
    bytes = listed?.bytes ?? []
    var writtenPlaces: [Range<Int>] = []
    writtenPlaces.reserveCapacity(written.count)
    for key in written {
      let start = bytes.count
      bytes.append(contentsOf: key.value.utf8)
      writtenPlaces.append(start..<bytes.count)
    }
    places = bytes.withUnsafeBytes { bytes in
      func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        UTF8Order.precedes(
          UnsafeRawBufferPointer(rebasing: bytes[left]), UnsafeRawBufferPointer(rebasing: bytes[right]))
      }
      writtenPlaces.sort(by: precedes)
      return Self.merge(writtenPlaces, listed?.keys ?? [], by: precedes)
    }
  }

  /// Merges two sorted lists, of equal keys the first only.
  private static func merge(
    _ left: [Range<Int>], _ right: [Range<Int>], by precedes: (Range<Int>, Range<Int>) -> Bool
  ) -> [Range<Int>] {
    var merged: [Range<Int>] = []
    merged.reserveCapacity(left.count + right.count)
    var leftIndex = 0
    var rightIndex = 0
    while leftIndex < left.count || rightIndex < right.count {
      let next: Range<Int>
      if rightIndex == right.count || (leftIndex < left.count && precedes(left[leftIndex], right[rightIndex])) {
        next = left[leftIndex]
        leftIndex += 1
      } else {
        next = right[rightIndex]
        rightIndex += 1
      }
      if let last = merged.last, !precedes(last, next) { continue }
      merged.append(next)
    }
    return merged
  }
}
