/// Watches files of one name in the folder of a project, from commit to commit.
///
/// It answers for many pairs of commits, of which few touch the files, at the cost of the folders that differ: no entry
/// is taken apart but those that differ, and nothing is told about them.
public struct FileWatch: Sendable {
  /// What is known of two commits.
  public enum Finding: Hashable, Sendable {
    /// The project's folder is the same.
    case same
    /// The project's folder differs, but in nothing that is watched.
    case unrelated(before: ObjectID, after: ObjectID)
    /// Something that is watched may differ.
    case mayDiffer
  }

  private let folder: [[UInt8]]
  private let topFiles: [[UInt8]]
  private let topFolders: [[UInt8]]
  private let file: [UInt8]

  /// - Parameters:
  ///   - folder: the path of the project's folder from the top of the repository; empty for the top itself.
  ///   - topFiles: names of files in it that are watched.
  ///   - file: the name of the files that are watched, wherever they lie below `topFolders`.
  ///   - topFolders: names of folders in it.
  public init(in folder: String, topFiles: [String], file: String, below topFolders: [String]) {
    self.folder = folder.split(separator: "/").map { Array($0.utf8) }
    self.topFiles = topFiles.map { Array($0.utf8) }
    self.topFolders = topFolders.map { Array($0.utf8) }
    self.file = Array(file.utf8)
  }

  /// Whether anything that is watched may differ between the trees of two commits.
  public func compare(
    _ before: ObjectID, _ after: ObjectID, in repository: borrowing Repository
  ) throws(GitError) -> Finding {
    try compare(before, after, nil, in: repository)
  }

  /// Whether anything that is watched may differ between the trees of a commit and its first parent.
  ///
  /// - Parameter changed: what is known of the paths that differ; nil for nothing. The outcome is the same but where
  ///   that is wrong.
  func compare(
    _ before: ObjectID, _ after: ObjectID, _ changed: ChangedPaths?, in repository: borrowing Repository
  ) throws(GitError) -> Finding {
    var (before, after) = (before, after)
    var count = PathCount(of: changed)
    for name in folder {
      if before == after { return .same }
      var found: (ObjectID, ObjectID)?
      var isElsewhere = true
      try unsafe repository.visitDifferences(of: before, after) { old, new in
        let matches = unsafe old?.isNamed(name) == true || new?.isNamed(name) == true
        unsafe count.note(old, new, isFollowed: matches)
        if !matches { return true }
        isElsewhere = false
        let folders = unsafe Folders(old, new, in: [])
        if let old = folders.before, let new = folders.after { found = (old, new) }
        return true
      }
      guard let found else { return isElsewhere ? .same : .mayDiffer }
      (before, after) = found
    }
    if before == after { return .same }
    var folders: [Folders] = []
    var differs = false
    let path = Array(folder.joined(separator: [UInt8(ascii: "/")]))
    try unsafe repository.visitDifferences(of: before, after) { old, new in
      var isFollowed = false
      if topFiles.contains(where: { name in unsafe old?.isNamed(name) == true || new?.isNamed(name) == true }) {
        differs = true
      } else if topFolders.contains(where: { name in unsafe old?.isNamed(name) == true || new?.isNamed(name) == true })
      {
        isFollowed = true
        unsafe folders.append(Folders(old, new, in: path))
      }
      unsafe count.note(old, new, isFollowed: isFollowed)
      return true
    }
    while !differs, !folders.isEmpty {
      // One path in each folder that differs is a file in it, and not in a folder further down.
      if let changed, count.rest == folders.count,
        folders.allSatisfy({ !changed.mayContain($0.path + [UInt8(ascii: "/")] + file) })
      {
        break
      }
      let outer = folders
      folders = []
      for next in outer where !differs {
        try unsafe repository.visitDifferences(of: next.before, next.after) { old, new in
          unsafe count.note(old, new, isFollowed: true)
          if unsafe old?.isNamed(file) == true || new?.isNamed(file) == true {
            differs = true
          } else if unsafe old?.isFolder == true || new?.isFolder == true {
            unsafe folders.append(Folders(old, new, in: next.path))
          }
          return true
        }
      }
    }
    return differs ? .mayDiffer : .unrelated(before: before, after: after)
  }

  /// How many of the paths that differ have not been met yet.
  private struct PathCount {
    /// Nil when nothing is known.
    private(set) var rest: Int?

    init(of changed: ChangedPaths?) { rest = changed?.count }

    /// Takes an entry that differs off.
    ///
    /// Only what is there before and after with another content is certain to be one path; with anything else, nothing
    /// is known any more.
    /// - Parameter isFollowed: whether what is in it will be met, if it is a folder.
    mutating func note(_ old: TreeBytes.Raw?, _ new: TreeBytes.Raw?, isFollowed: Bool) {
      guard let known = rest else { return }
      guard let old = unsafe old, let new = unsafe new, unsafe old.id != new.id else {
        rest = nil
        return
      }
      // In a folder that differs there is a path at least that does.
      rest = unsafe known - (old.isFolder && !isFollowed ? 2 : 1)
    }
  }

  /// Two versions of a folder, at least one of which is there.
  private struct Folders {
    var path: [UInt8]
    var before: ObjectID?
    var after: ObjectID?

    /// - Parameters:
    ///   - old: an entry of the same name as the other one; what is no folder counts as none.
    ///   - path: of the folder that has the entries.
    init(_ old: TreeBytes.Raw?, _ new: TreeBytes.Raw?, in path: [UInt8]) {
      unsafe before = old.flatMap { unsafe $0.isFolder ? $0.id : nil }
      unsafe after = new.flatMap { unsafe $0.isFolder ? $0.id : nil }
      self.path = path + (path.isEmpty ? [] : [UInt8(ascii: "/")])
      if let raw = unsafe new ?? old { unsafe self.path.append(contentsOf: raw.name) }
    }
  }
}
