/// A file of a flags tree, by its position in the tree's list of files.
///
/// Findings and model values carry this instead of a path: four bytes, and comparing two compares their paths, because
/// the list is sorted by path bytes.
package struct FileReference: Hashable, Comparable, Sendable {
  /// The position in ``FileTable/paths``.
  package var index: UInt32

  /// Makes a reference to the file at `index`.
  package init(index: Int) { self.index = UInt32(truncatingIfNeeded: index) }

  package static func < (left: FileReference, right: FileReference) -> Bool { left.index < right.index }
}

/// The paths of a flags tree's files, relative to its root, sorted by their UTF-8 bytes.
package struct FileTable: Sendable {
  /// The paths, with `/` between components; `ensign.yaml` is one of them.
  package let paths: [String]

  /// Makes a table of `paths`, which must be sorted by bytes and unique.
  package init(sorted paths: [String]) { self.paths = paths }

  /// The file of a path; nil when there is none.
  ///
  /// - Complexity: O(log *n*).
  package func file(at path: String) -> FileReference? {
    var (low, high) = (0, paths.count)
    while low < high {
      let middle = (low + high) / 2
      if paths[middle].utf8.lexicographicallyPrecedes(path.utf8) { low = middle + 1 } else { high = middle }
    }
    return low < paths.count && paths[low] == path ? FileReference(index: low) : nil
  }

  /// The path of `file`, relative to the tree's root.
  package func path(of file: FileReference) -> String { paths[Int(file.index)] }
}
