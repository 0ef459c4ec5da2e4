internal import Glibc

extension FileEntry {
  /// The entries in the order of a flags tree: by the bytes of their paths.
  ///
  /// The paths are compared in one flat copy, because counting references to the arrays of two entries costs more than
  /// comparing them.
  static func sorted(_ entries: [FileEntry]) -> [FileEntry] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(entries.reduce(0) { $0 + $1.path.count })
    var order: [(start: Int, count: Int, index: Int)] = []
    order.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      order.append((bytes.count, entry.path.count, index))
      bytes += entry.path
    }
    bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      order.sort { left, right in
        let difference = memcmp(base + left.start, base + right.start, min(left.count, right.count))
        return difference != 0 ? difference < 0 : left.count < right.count
      }
    }
    return order.map { entries[$0.index] }
  }
}
