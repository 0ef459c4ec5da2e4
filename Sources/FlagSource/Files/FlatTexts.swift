internal import Glibc

/// Many texts in one flat copy, to be sorted: counting references to each of them costs more than comparing them.
package struct FlatTexts {
  private var bytes: [UInt8] = []
  private var places: [(start: Int, count: Int, index: Int)] = []

  /// Room for so many texts.
  package init(count: Int) { places.reserveCapacity(count) }

  /// Adds a text.
  package mutating func append(_ text: some Sequence<UInt8>) {
    let start = bytes.count
    bytes.append(contentsOf: text)
    places.append((start, bytes.count - start, places.count))
  }

  /// The positions of the texts, in the order of their bytes.
  package consuming func order() -> [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      places.sort { left, right in
        let difference = memcmp(base + left.start, base + right.start, min(left.count, right.count))
        return difference != 0 ? difference < 0 : left.count < right.count
      }
    }
    return places.map(\.index)
  }
}
