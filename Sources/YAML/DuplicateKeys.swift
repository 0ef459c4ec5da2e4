internal import Glibc

/// Finds keys of a mapping that have the same text.
///
/// It keeps its memory from one mapping to the next.
struct DuplicateKeys {
  private var keys: [Int] = []

  /// Every key that has the text of an earlier one, with the first that has it: indices into `records`.
  ///
  /// - Complexity: O(*n* log *n*) in the keys of the mapping at `mapping`.
  mutating func find(
    in mapping: Int, of records: [Record], text: [UInt8]
  ) -> [(first: Int, second: Int)] {
    guard records[mapping].count > 2 else { return [] }
    keys.removeAll(keepingCapacity: true)
    var key = mapping + 1
    while key < records[mapping].next {
      if records[key].kind == .scalar { keys.append(key) }
      key = Int(records[Int(records[key].next)].next)
    }
    // Sorting costs more than comparing all with all where there are few, as in nearly all mappings.
    if keys.count <= 16, !hasEqualPair(records, text) { return [] }
    keys.sort {
      let order = Self.compare(records[$0], records[$1], text)
      return order != 0 ? order < 0 : $0 < $1
    }
    var found: [(first: Int, second: Int)] = []
    var first = 0
    for second in keys.indices.dropFirst() {
      if Self.compare(records[keys[first]], records[keys[second]], text) == 0 {
        found.append((keys[first], keys[second]))
      } else {
        first = second
      }
    }
    return found
  }

  private func hasEqualPair(_ records: [Record], _ text: [UInt8]) -> Bool {
    for second in keys.indices.dropFirst() {
      for first in keys[..<second] where records[first].count == records[keys[second]].count {
        if Self.compare(records[first], records[keys[second]], text) == 0 { return true }
      }
    }
    return false
  }

  /// Any total order of texts in which only equal ones are 0: by length, then by bytes.
  private static func compare(_ left: Record, _ right: Record, _ text: [UInt8]) -> Int32 {
    guard left.count == right.count else { return left.count < right.count ? -1 : 1 }
    return unsafe text.withUnsafeBufferPointer { text in
      guard let base = text.baseAddress else { return 0 }
      return unsafe memcmp(base + Int(left.textStart), base + Int(right.textStart), Int(left.count))
    }
  }
}
