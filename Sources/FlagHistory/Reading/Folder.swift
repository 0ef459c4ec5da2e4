internal import Git

/// A folder of a flags tree in a commit: what Git has there, by name, without entries that begin with a dot.
///
/// Of two versions of a large folder, the second one is known by what differs.
final class Folder: Sendable {
  private let index: TreeIndex
  /// The names whose entries are not those of ``index``, with what is there instead.
  private let changes: [Change]
  /// The folders, in Git's order.
  let folders: [TreeEntry]
  /// About how much memory it takes, in entries.
  let size: Int

  private struct Change {
    var name: TreeIndex.Name
    var entry: TreeEntry?
  }

  init(_ index: TreeIndex) {
    self.index = index
    changes = []
    folders = index.folders.filter { $0.isFolder && !$0.name.hasPrefix(".") }
    size = index.count + 1
  }

  /// Another version of a folder.
  private init(_ changes: [Change], of other: Folder, folders: [TreeEntry]) {
    index = other.index
    self.changes = changes
    self.folders = folders
    size = changes.count + 1
  }

  /// The folder before a change; nil where it is better read anew.
  ///
  /// - Parameter differences: all between that version and this one.
  func before(_ differences: [TreeDifference]) -> Folder? {
    if changes.count + differences.count > Self.mostChanges { return nil }
    var changes = changes
    var folders = folders
    for difference in differences {
      // One name may be a folder in one version and a file in the other: two differences.
      if differences.contains(where: { $0.name == difference.name && $0 != difference }) { return nil }
      let change = Change(name: TreeIndex.Name(difference.name), entry: difference.before)
      if let known = changes.firstIndex(where: { $0.name == change.name }) {
        changes[known] = change
      } else {
        changes.append(change)
      }
      let (old, new) = (difference.before, difference.after)
      if old?.isFolder != true, new?.isFolder != true { continue }
      guard let old, old.isFolder, let place = folders.firstIndex(where: { $0.name == old.name }) else { return nil }
      folders[place] = old
    }
    return Folder(changes, of: self, folders: folders)
  }

  private static let mostChanges = 16

  /// What is read or refused as a file of this name; nil when there is nothing.
  ///
  /// A folder named `x.yaml` is one of them, as it is in ``CommitFiles``.
  func file(_ name: TreeIndex.Name) -> TreeEntry? {
    let change = changes.first { $0.name == name }
    let found = if let change { change.entry } else { index.entry(named: name) }
    guard let entry = found, !entry.isFolder, !entry.name.hasPrefix(".") else { return nil }
    return entry
  }

  /// Everything that is read or refused as a file, in no particular order.
  var files: [TreeEntry] {
    let entries = index.entries.filter { entry in
      changes.isEmpty || !changes.contains { $0.name == TreeIndex.Name(entry.name) }
    }
    return (entries + changes.compactMap(\.entry)).filter { !$0.isFolder && !$0.name.hasPrefix(".") }
  }
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
