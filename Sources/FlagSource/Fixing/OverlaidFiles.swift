/// A flags tree with some of its files replaced, added or removed: what it would be after a change that is not written yet.
package struct OverlaidFiles: FlagFiles {
  private let base: any FlagFiles
  /// New contents by path.
  package private(set) var changes: [[UInt8]: [UInt8]] = [:]
  private(set) var removed: Set<[UInt8]> = []

  /// A tree without changes.
  package init(over base: any FlagFiles) { self.base = base }

  /// Replaces the content of a file, or adds one that the tree does not have.
  package mutating func replace(_ path: [UInt8], by bytes: [UInt8]) { changes[path] = bytes }

  /// Removes a file.
  package mutating func remove(_ path: [UInt8]) { removed.insert(path) }

  /// Takes a change back.
  package mutating func restore(_ path: [UInt8]) { changes[path] = nil }

  package func list() throws(FileAccessError) -> [FileEntry] {
    var entries = try base.list()
    if !removed.isEmpty { entries.removeAll { removed.contains($0.path) } }
    var added = changes
    for entry in entries { added[entry.path] = nil }
    return entries + added.keys.map { FileEntry(path: $0, kind: .file) }
  }

  package func reader() throws(FileAccessError) -> any FlagFileReader {
    Reader(base: try base.reader(), changes: changes)
  }

  private struct Reader: FlagFileReader {
    var base: any FlagFileReader
    let changes: [[UInt8]: [UInt8]]

    mutating func read(_ entry: FileEntry, limit: Int, into bytes: inout [UInt8]) throws(FileAccessError) {
      guard let change = changes[entry.path] else { return try base.read(entry, limit: limit, into: &bytes) }
      guard change.count <= limit else { throw FileAccessError(path: entry.path, exceeds: limit) }
      bytes = change
    }
  }
}
