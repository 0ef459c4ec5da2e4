internal import Git

/// A folder of a flags tree in a commit: what Git has there, by name, without entries that begin with a dot.
final class Folder {
  /// Everything that is read or refused as a file.
  ///
  /// A folder named `x.yaml` is one of them, as it is in ``CommitFiles``.
  let files: [String: TreeEntry]
  /// The folders, in Git's order.
  let folders: [TreeEntry]

  init(_ entries: [TreeEntry]) {
    var files = [String: TreeEntry](minimumCapacity: entries.count)
    var folders: [TreeEntry] = []
    for entry in entries where !entry.name.hasPrefix(".") {
      if entry.isFolder { folders.append(entry) } else { files[entry.name] = entry }
    }
    self.files = files
    self.folders = folders
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
}
