internal import FlagSource
internal import Git

/// Some files of a flags tree, with their content.
struct FoundFiles: FlagFiles {
  private var entries: [FileEntry] = []
  private var contents: [[UInt8]: [UInt8]] = [:]

  /// Adds a file.
  mutating func add(_ file: FoundFile, _ bytes: [UInt8]) {
    let path = Array(file.path.utf8)
    guard contents.updateValue(bytes, forKey: path) == nil else { return }
    entries.append(FileEntry(path: path, kind: FileEntry.Kind(file.kind), objectID: file.id.bytes))
  }

  /// Other files with the contents that these have; nil unless they are at the same places in the same order.
  func changes(of others: FoundFiles) -> OverlaidFiles? {
    guard entries.count == others.entries.count else { return nil }
    var changed = OverlaidFiles(over: others)
    for (own, other) in zip(entries, others.entries) {
      guard own.path == other.path, own.kind == .file, other.kind == .file else { return nil }
      if own.objectID != other.objectID { changed.replace(own.path, by: contents[own.path] ?? []) }
    }
    return changed
  }

  func list() -> [FileEntry] { entries }

  func reader() -> any FlagFileReader { Reader(contents: contents) }

  private struct Reader: FlagFileReader {
    let contents: [[UInt8]: [UInt8]]

    mutating func read(_ entry: FileEntry, limit: Int, into bytes: inout [UInt8]) throws(FileAccessError) {
      let content = contents[entry.path] ?? []
      guard content.count <= limit else { throw FileAccessError(path: entry.path, exceeds: limit) }
      bytes = content
    }
  }
}
