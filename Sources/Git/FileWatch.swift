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
    var (before, after) = (before, after)
    for name in folder {
      if before == after { return .same }
      var found: (ObjectID, ObjectID)?
      var isElsewhere = true
      try unsafe repository.visitDifferences(of: before, after) { old, new in
        let matches = unsafe old?.isNamed(name) == true || new?.isNamed(name) == true
        if !matches { return true }
        isElsewhere = false
        let folders = unsafe Folders(old, new)
        if let old = folders.before, let new = folders.after { found = (old, new) }
        return true
      }
      guard let found else { return isElsewhere ? .same : .mayDiffer }
      (before, after) = found
    }
    if before == after { return .same }
    var folders: [Folders] = []
    var differs = false
    try unsafe repository.visitDifferences(of: before, after) { old, new in
      if topFiles.contains(where: { name in unsafe old?.isNamed(name) == true || new?.isNamed(name) == true }) {
        differs = true
      } else if topFolders.contains(where: { name in unsafe old?.isNamed(name) == true || new?.isNamed(name) == true })
      {
        unsafe folders.append(Folders(old, new))
      }
      return true
    }
    while !differs, let next = folders.popLast() {
      try unsafe repository.visitDifferences(of: next.before, next.after) { old, new in
        if unsafe old?.isNamed(file) == true || new?.isNamed(file) == true {
          differs = true
        } else if unsafe old?.isFolder == true || new?.isFolder == true {
          unsafe folders.append(Folders(old, new))
        }
        return true
      }
    }
    return differs ? .mayDiffer : .unrelated(before: before, after: after)
  }

  /// Two versions of a folder, at least one of which is there.
  private struct Folders {
    var before: ObjectID?
    var after: ObjectID?

    /// - Parameters: entries of one name; what is no folder counts as none.
    init(_ old: TreeBytes.Raw?, _ new: TreeBytes.Raw?) {
      unsafe before = old.flatMap { unsafe $0.isFolder ? $0.id : nil }
      unsafe after = new.flatMap { unsafe $0.isFolder ? $0.id : nil }
    }
  }
}
