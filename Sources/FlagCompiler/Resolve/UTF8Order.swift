internal import Glibc

/// The order of strings in a snapshot's lists: by UTF-8 bytes, which is the order of code points.
///
/// Swift's own order of strings compares canonically equivalent spellings as equal; a snapshot must not.
enum UTF8Order {
  /// True when `left` comes before `right`.
  static func precedes(_ left: String, _ right: String) -> Bool {
    var left = left
    var right = right
    return left.withUTF8 { left in
      right.withUTF8 { right in precedes(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right)) }
    }
  }

  /// True when `left` comes before `right`, both being UTF-8.
  static func precedes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    let common = min(left.count, right.count)
    if common > 0, let leftBase = left.baseAddress, let rightBase = right.baseAddress {
      let order = memcmp(leftBase, rightBase, common)
      if order != 0 { return order < 0 }
    }
    return left.count < right.count
  }

  /// The strings sorted, each once.
  static func unique(_ strings: [String]) -> [String] {
    guard strings.count > 1 else { return strings }
    let sorted = strings.sorted(by: precedes)
    var result: [String] = []
    result.reserveCapacity(sorted.count)
    for string in sorted where result.last.map({ precedes($0, string) }) ?? true { result.append(string) }
    return result
  }
}
