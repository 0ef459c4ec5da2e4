internal import Glibc

extension FileEntry {
  /// The entries in the order of a flags tree: by the bytes of their paths.
  ///
  /// Those that are in order already, as the files of a folder are listed, are only looked through.
  static func sorted(_ entries: [FileEntry]) -> [FileEntry] {
    if areSorted(entries.span) { return entries }
    var paths = FlatTexts(count: entries.count)
    for entry in entries { paths.append(entry.path) }
    return paths.order().map { entries[$0] }
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
