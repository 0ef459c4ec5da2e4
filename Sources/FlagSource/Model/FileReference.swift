/// A file of a flags tree, by its position in the tree's list of files.
///
/// Findings and model values carry this instead of a path: four bytes, and comparing two compares their paths, because
/// the list is sorted by path bytes.
package struct FileReference: Hashable, Comparable, Sendable {
  /// The position in the ``FileTable``.
  package var index: UInt32

  /// Makes a reference to the file at `index`.
  package init(index: Int) { self.index = UInt32(truncatingIfNeeded: index) }

  package static func < (left: FileReference, right: FileReference) -> Bool { left.index < right.index }
}

/// The paths of a flags tree's files, relative to its root, sorted by their UTF-8 bytes.
package struct FileTable: Sendable {
  /// The files as they were listed: texts are made of their paths when somebody asks for them.
  private let entries: [FileEntry]

  /// Makes a table of `entries`, which must be sorted by the bytes of their paths, of which no two are equal.
  package init(sorted entries: [FileEntry]) { self.entries = entries }

  /// How many files there are; `ensign.yaml` is one of them.
  package var count: Int { entries.count }

  /// The bytes of the paths, with `/` between components.
  var pathBytes: some Sequence<[UInt8]> { entries.lazy.map(\.path) }

  /// The paths, with `/` between components.
  ///
  /// - Complexity: O(*n*); for one path, ask for that.
  package var paths: [String] { entries.map(\.path.text) }

  /// The file of a path; nil when there is none.
  ///
  /// - Complexity: O(log *n*).
  package func file(at path: String) -> FileReference? {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].path.lexicographicallyPrecedes(path.utf8) { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].path.elementsEqual(path.utf8) ? FileReference(index: low) : nil
  }

  /// The path of `file`, relative to the tree's root.
  package func path(of file: FileReference) -> String { entries[Int(file.index)].path.text }
}
