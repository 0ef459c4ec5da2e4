internal import Ensign

/// Canonical JSON values of a list whose order and repetitions mean nothing: sorted by their bytes, each once.
///
/// The values lie one after the other in one buffer, so that a set costs two allocations however many there are.
struct CanonicalSet {
  private var values: CanonicalJSON
  private var places: [Range<Int>] = []

  /// An empty set with room for `count` values of about that many bytes each.
  init(count: Int, bytesPerValue: Int) {
    values = CanonicalJSON(capacity: count * bytesPerValue)
    places.reserveCapacity(count)
  }

  /// Takes the one value that `write` writes.
  mutating func insert(_ write: (inout CanonicalJSON) -> Void) {
    // A comma stands before all but the first.
    let start = values.bytes.isEmpty ? 0 : values.bytes.count + 1
    write(&values)
    places.append(start..<values.bytes.count)
  }

  /// Puts the elements of the last value in its place if that begins with `opening`, which ends in a bracket, and so
  /// ends in `]}`.
  mutating func flattenLast(opening: StaticString) {
    guard let last = places.last, values.bytes.hasPrefix(opening, in: last) else { return }
    places.removeLast()
    let elements = last.lowerBound + opening.utf8CodeUnitCount..<last.upperBound - 2
    Self.appendElements(of: values.bytes, in: elements, to: &places)
  }

  /// Sorts the values, removes repetitions, and returns how many are left.
  mutating func sort() -> Int {
    guard places.count > 1 else { return places.count }
    places = values.bytes.withUnsafeBytes { bytes in
      func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        UTF8Order.precedes(
          UnsafeRawBufferPointer(rebasing: bytes[left]), UnsafeRawBufferPointer(rebasing: bytes[right]))
      }
      var sorted = places
      sorted.sort(by: precedes)
      var unique = 1
      for place in sorted.dropFirst() where precedes(sorted[unique - 1], place) {
        sorted[unique] = place
        unique += 1
      }
      sorted.removeLast(sorted.count - unique)
      return sorted
    }
    return places.count
  }

  /// Writes the values in their order.
  func append(to json: inout CanonicalJSON) {
    for place in places { json.append(canonical: values.bytes[place]) }
  }

  /// The places of the values in a list without its brackets.
  private static func appendElements(of bytes: [UInt8], in list: Range<Int>, to places: inout [Range<Int>]) {
    var start = list.lowerBound
    var depth = 0
    var index = start
    while index < list.upperBound {
      switch bytes[index] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        places.append(start..<index)
        start = index + 1
      case UInt8(ascii: "\""): index = endOfString(in: bytes, from: index)
      default: break
      }
      index += 1
    }
    places.append(start..<list.upperBound)
  }

  /// Where the string that begins at `start` has its closing quotation mark.
  private static func endOfString(in bytes: [UInt8], from start: Int) -> Int {
    var index = start + 1
    while bytes[index] != UInt8(ascii: "\"") { index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1 }
    return index
  }
}

extension [UInt8] {
  /// Whether the bytes in `range` begin with an ASCII text.
  func hasPrefix(_ prefix: StaticString, in range: Range<Int>) -> Bool {
    let count = prefix.utf8CodeUnitCount
    guard range.count >= count else { return false }
    return (0..<count).allSatisfy { self[range.lowerBound + $0] == prefix.utf8Start[$0] }
  }
}
