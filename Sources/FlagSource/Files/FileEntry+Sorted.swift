internal import Glibc

extension FileEntry {
  /// The entries in the order of a flags tree: by the bytes of their paths.
  ///
  /// The paths are compared in one flat copy, because counting references to the arrays of two entries costs more than
  /// comparing them. Those that are in order already, as the files of a folder are listed, are only looked through.
  static func sorted(_ entries: [FileEntry]) -> [FileEntry] {
    if areSorted(entries.span) { return entries }
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

  private static func areSorted(_ entries: Span<FileEntry>) -> Bool {
    for index in entries.indices.dropFirst() {
      let (left, right) = (entries[index - 1].path.span, entries[index].path.span)
      let isSorted = left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          guard let base = left.baseAddress, let other = right.baseAddress else { return left.count <= right.count }
          let difference = memcmp(base, other, min(left.count, right.count))
          return difference != 0 ? difference < 0 : left.count <= right.count
        }
      }
      if !isSorted { return false }
    }
    return true
  }
}
