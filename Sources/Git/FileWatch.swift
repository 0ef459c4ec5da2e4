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
    /// Something that is watched differs.
    case differs(Differences)
    /// Only one of the commits has the project's folder.
    case cameOrWent
  }

  /// What differs of that which is watched.
  public struct Differences: Hashable, Sendable {
    /// The project's folder.
    public var before: ObjectID
    /// The project's folder.
    public var after: ObjectID
    /// Whether a file at the top of it differs.
    public var hasTopFiles: Bool
    /// The files below the folders that are watched, in no particular order.
    public var files: [File]
  }

  /// An entry with the name of a file that is watched, which may be a folder, too.
  public struct File: Hashable, Sendable {
    /// The path from the project's folder to the folder that it is in, without a slash at its end.
    public var folder: String
    /// How it differs.
    public var difference: TreeDifference
  }

  /// Keeps the names.
  private let memory = NameMemory()
  private let folder: WatchedNames
  private let topFiles: WatchedNames
  private let topFolders: WatchedNames
  private let file: WatchedNames

  /// - Parameters:
  ///   - folder: the path of the project's folder from the top of the repository; empty for the top itself.
  ///   - topFiles: names of files in it that are watched.
  ///   - file: the name of the files that are watched, wherever they lie below `topFolders`.
  ///   - topFolders: names of folders in it.
  public init(in folder: String, topFiles: [String], file: String, below topFolders: [String]) {
    self.folder = WatchedNames(folder.split(separator: "/").map(\.utf8), in: memory)
    self.topFiles = WatchedNames(topFiles.map(\.utf8), in: memory)
    self.topFolders = WatchedNames(topFolders.map(\.utf8), in: memory)
    self.file = WatchedNames([file.utf8], in: memory)
  }

  /// The same watch for another thread: two threads that count references to one object wait for each other.
  init(forAnotherThread watch: FileWatch) {
    folder = WatchedNames(copying: watch.folder, to: memory)
    topFiles = WatchedNames(copying: watch.topFiles, to: memory)
    topFolders = WatchedNames(copying: watch.topFolders, to: memory)
    file = WatchedNames(copying: watch.file, to: memory)
  }

  /// What differs between the trees of two commits.
  public func compare(
    _ before: ObjectID, _ after: ObjectID, in repository: borrowing Repository
  ) throws(GitError) -> Finding {
    var folders = FoldersToCompare()
    return try compare(before, after, nil, &folders, in: repository)
  }

  /// What differs between the trees of a commit and its first parent.
  ///
  /// - Parameters:
  ///   - changed: what is known of the paths that differ; nil for nothing. The outcome is the same but where that is
  ///     wrong.
  ///   - folders: memory to note folders in, the same for many comparisons.
  func compare(
    _ before: ObjectID, _ after: ObjectID, _ changed: ChangedPaths?, _ folders: inout FoldersToCompare,
    in repository: borrowing Repository
  ) throws(GitError) -> Finding {
    var (before, after) = (before, after)
    var count = PathCount(of: changed)
    for level in 0..<folder.count {
      if before == after { return .same }
      var found: (ObjectID, ObjectID)?
      var isElsewhere = true
      try unsafe repository.visitDifferences(of: before, after) { old, new in
        let isFolder = unsafe folder.isName(level, of: old, new)
        unsafe count.note(old, new, isFollowed: isFolder)
        if !isFolder { return true }
        isElsewhere = false
        if unsafe old?.isFolder == true, unsafe new?.isFolder == true, let old = unsafe old, let new = unsafe new {
          found = unsafe (old.id, new.id)
        }
        return true
      }
      guard let found else { return isElsewhere ? .same : .cameOrWent }
      (before, after) = found
    }
    if before == after { return .same }
    folders.begin(in: folder)
    var differences = Differences(before: before, after: after, hasTopFiles: false, files: [])
    try unsafe repository.visitDifferences(of: before, after) { old, new in
      var isFollowed = false
      if unsafe topFiles.includeName(of: old, new) {
        differences.hasTopFiles = true
      } else if unsafe topFolders.includeName(of: old, new) {
        isFollowed = true
        unsafe folders.add(old, new, in: nil)
      }
      unsafe count.note(old, new, isFollowed: isFollowed)
      return true
    }
    try compare(&folders, &count, changed, &differences, in: repository)
    if !differences.hasTopFiles, differences.files.isEmpty { return .unrelated(before: before, after: after) }
    return .differs(differences)
  }

  /// Looks for the file in folders and those further down.
  private func compare(
    _ folders: inout FoldersToCompare, _ count: inout PathCount, _ changed: ChangedPaths?,
    _ differences: inout Differences, in repository: borrowing Repository
  ) throws(GitError) {
    while !folders.isEmpty {
      // One path in each folder that differs is a file in it, and not in a folder further down.
      if let changed, count.rest == folders.count, !folders.mayHold(file, changed) { return }
      folders.goDown()
      while let next = folders.next() {
        try unsafe repository.visitDifferences(of: next.before, next.after) { old, new in
          unsafe count.note(old, new, isFollowed: true)
          if unsafe file.isName(0, of: old, new) {
            guard let file = unsafe File(in: folders.path(of: next), old, new) else { return false }
            differences.files.append(file)
          } else if unsafe old?.isFolder == true || new?.isFolder == true {
            unsafe folders.add(old, new, in: next)
          }
          return true
        }
      }
    }
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
}

extension FileWatch.File {
  /// Nil when an entry has a mode that nobody knows.
  ///
  /// - Parameters:
  ///   - folder: the path of the folder that has the entries.
  ///   - old: an entry of the same name as the other one.
  fileprivate init?(in folder: String, _ old: TreeBytes.Raw?, _ new: TreeBytes.Raw?) {
    let (before, after) = unsafe (old.flatMap { unsafe $0.entry }, new.flatMap { unsafe $0.entry })
    guard unsafe (before == nil) == (old == nil), unsafe (after == nil) == (new == nil) else { return nil }
    guard let name = (after ?? before)?.name else { return nil }
    self.folder = folder
    difference = TreeDifference(name: name, before: before, after: after)
  }
}
