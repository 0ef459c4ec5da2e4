internal import Git

/// A folder of a flags tree in a commit: what Git has there, by name, without entries that begin with a dot.
final class Folder: Sendable {
  private let index: TreeIndex
  /// The folders, in Git's order.
  let folders: [TreeEntry]
  /// About how much memory it takes, in entries.
  var size: Int { index.count + 1 }

  init(_ index: TreeIndex) {
    self.index = index
    folders = index.folders.filter { $0.isFolder && !$0.name.hasPrefix(".") }
  }

  /// What is read or refused as a file of this name; nil when there is nothing.
  ///
  /// A folder named `x.yaml` is one of them, as it is in ``CommitFiles``.
  func file(_ name: TreeIndex.Name) -> TreeEntry? {
    guard let entry = index.entry(named: name), !entry.isFolder, !entry.name.hasPrefix(".") else { return nil }
    return entry
  }

  /// Everything that is read or refused as a file, in Git's order.
  var files: [TreeEntry] { index.entries.filter { !$0.isFolder && !$0.name.hasPrefix(".") } }
}

extension TreeEntry {
  /// Whether a flags tree goes on below this entry.
  var isFolder: Bool { kind == .tree && !name.hasSuffix(".yaml") }
}

/// A file of a flags tree in a commit.
struct FoundFile: Hashable {
  /// Relative to the root of the flags tree.
  var path: String
  var kind: TreeEntry.Kind
  var id: ObjectID

  /// Adds what differs between most files.
  func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension FoundFile {
  /// Whether its content is read; a link's means something else.
  var isRegular: Bool { kind == .blob || kind == .executable }

  /// The environment whose folder it is in; nil for other files.
  var environment: String? { Self.environment(ofPath: path) }

  /// The environment whose folder a path leads into; nil for other paths.
  static func environment(ofPath path: String) -> String? {
    let prefix = "environments/"
    guard path.hasPrefix(prefix) else { return nil }
    let rest = path.utf8.dropFirst(prefix.utf8.count)
    return rest.firstIndex(of: UInt8(ascii: "/")).flatMap { String(rest[..<$0]) }
  }
}
