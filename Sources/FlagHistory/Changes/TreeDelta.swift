internal import Git

/// Whom the files that differ between two flags trees belong to, by their paths alone.
struct TreeDelta {
  private(set) var hasManifest = false
  private(set) var flags: Set<String> = []
  private(set) var segments: Set<String> = []
  /// The folders with a segment's list of keys that differs, as trees before and after.
  private(set) var listFolders: [(before: ObjectID?, after: ObjectID?)] = []

  var isEmpty: Bool { !hasManifest && flags.isEmpty && segments.isEmpty && listFolders.isEmpty }

  /// Compares two trees, reading only folders that differ and that the scope asks about.
  init(
    from before: ObjectID?, to after: ObjectID?, within scope: HistoryScope, in repository: borrowing Repository
  ) throws(GitError) {
    for difference in try repository.differences(of: before, after) {
      switch difference.name {
      case "ensign.yaml": hasManifest = true
      case "definitions" where scope.includesFlags:
        try collect(difference, repository) { delta, _, _, key in delta.add(flag: key, scope) }
      case "environments" where scope.includesFlags:
        try collect(difference, repository) { delta, _, _, key in delta.add(flag: key, scope) }
      case "segments" where scope.includesSegments:
        try collect(difference, repository) { delta, before, after, key in
          if let key, scope.includes(segment: key) { delta.segments.insert(key) }
          if key == nil { delta.listFolders.append((before, after)) }
        }
      default: break
      }
    }
  }

  private mutating func add(flag key: String?, _ scope: HistoryScope) {
    if let key, scope.includes(flag: key) { flags.insert(key) }
  }

  /// Calls `visit` with each file that differs, as the folders that it is in and the key that its name gives.
  private mutating func collect(
    _ difference: TreeDifference, _ repository: borrowing Repository,
    _ visit: (inout TreeDelta, _ before: ObjectID?, _ after: ObjectID?, _ key: String?) -> Void
  ) throws(GitError) {
    let before = difference.before?.folder
    let after = difference.after?.folder
    for inner in try repository.differences(of: before, after) where !inner.name.hasPrefix(".") {
      if inner.isFile { visit(&self, before, after, TreeExplorer.key(ofFile: inner.name)) }
      if inner.isFolder { try collect(inner, repository, visit) }
    }
  }
}

extension TreeEntry {
  /// The tree of a folder.
  fileprivate var folder: ObjectID? { isFolder ? id : nil }
}

extension TreeDifference {
  fileprivate var isFolder: Bool { before?.isFolder == true || after?.isFolder == true }

  /// Whether a file or its content differs; the permission to run it means nothing.
  fileprivate var isFile: Bool {
    let (old, new) = (before.flatMap { $0.isFolder ? nil : $0 }, after.flatMap { $0.isFolder ? nil : $0 })
    guard let old, let new else { return old != nil || new != nil }
    return old.id != new.id || old.kind.isRegular != new.kind.isRegular
  }
}

extension TreeEntry.Kind {
  fileprivate var isRegular: Bool { self == .blob || self == .executable }
}
