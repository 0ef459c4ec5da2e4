/// A flags tree with some of its files replaced: what it would be after a change that is not written yet.
package struct OverlaidFiles: FlagFiles {
  private let base: any FlagFiles
  /// New contents by path.
  package private(set) var changes: [[UInt8]: [UInt8]] = [:]

  /// A tree without changes.
  package init(over base: any FlagFiles) { self.base = base }

  /// Replaces the content of a file that the tree has.
  package mutating func replace(_ path: [UInt8], by bytes: [UInt8]) { changes[path] = bytes }

  /// Takes a change back.
  package mutating func restore(_ path: [UInt8]) { changes[path] = nil }

  package func list() throws(FileAccessError) -> [FileEntry] { try base.list() }

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
