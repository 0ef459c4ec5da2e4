/// The files of a flags tree that exists in memory only: for tests, the rules' examples and fuzzing.
package struct MemoryFiles: FlagFiles {
  private var contents: [[UInt8]: [UInt8]] = [:]
  private var entries: [FileEntry] = []

  /// Makes a tree of files.
  ///
  /// Later files replace earlier ones of the same path, and an empty text removes the file. A path that ends in `/` is
  /// a folder, one that ends in `|` a pipe (both as `ls -F` shows them), and `link -> target` a symbolic link.
  package init(_ files: [(path: String, text: String)]) {
    for (path, text) in files { put(path, Array(text.utf8)) }
  }

  /// Makes a tree of files from bytes, which may be empty and need not be text.
  package init(bytes files: [(path: [UInt8], bytes: [UInt8])]) {
    for (path, bytes) in files { set(FileEntry(path: path, kind: .file), bytes) }
  }

  /// The tree of an example: its files laid over ``Rule/Example/base``.
  package init(_ example: Rule.Example) { self.init(Rule.Example.base + example.files) }

  private mutating func put(_ path: String, _ bytes: [UInt8]) {
    let path = Array(path.utf8)
    if path.last == UInt8(ascii: "/") {
      set(FileEntry(path: Array(path.dropLast()), kind: .folder), [])
    } else if path.last == UInt8(ascii: "|") {
      set(FileEntry(path: Array(path.dropLast()), kind: .other), [])
    } else if let arrow = Self.arrow(in: path) {
      set(FileEntry(path: Array(path[..<arrow]), kind: .symbolicLink), [])
    } else if bytes.isEmpty {
      entries.removeAll { $0.path == path }
      contents[path] = nil
    } else {
      set(FileEntry(path: path, kind: .file), bytes)
    }
  }

  private mutating func set(_ entry: FileEntry, _ bytes: [UInt8]) {
    if contents.updateValue(bytes, forKey: entry.path) != nil { entries.removeAll { $0.path == entry.path } }
    entries.append(entry)
  }

  private static func arrow(in path: [UInt8]) -> Int? {
    let arrow = Array(" -> ".utf8)
    return path.indices.first { path[$0...].starts(with: arrow) }
  }

  package func list() throws(FileAccessError) -> [FileEntry] { entries }

  package func reader() throws(FileAccessError) -> any FlagFileReader { Reader(contents: contents) }

  private struct Reader: FlagFileReader {
    let contents: [[UInt8]: [UInt8]]

    mutating func read(_ entry: FileEntry, limit: Int, into bytes: inout [UInt8]) throws(FileAccessError) {
      guard let content = contents[entry.path] else {
        throw FileAccessError(.notFound, path: entry.path.text, message: "No such file or directory")
      }
      guard content.count <= limit else { throw FileAccessError(path: entry.path, exceeds: limit) }
      bytes = content
    }
  }
}
