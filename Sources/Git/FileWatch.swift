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

  /// The trees of two commits.
  struct Pair {
    var before: ObjectID
    var after: ObjectID
    /// What is known of the paths that differ; nil for nothing.
    ///
    /// What is found is the same but where that is wrong.
    var changed: ChangedPaths?
  }

  /// What differs between the trees of two commits.
  public func compare(
    _ before: ObjectID, _ after: ObjectID, in repository: borrowing Repository
  ) throws(GitError) -> Finding {
    try compare([Pair(before: before, after: after, changed: nil)], in: repository)[0]
  }

  /// What differs between the trees of commits, for each pair of them.
  ///
  /// They are compared together, level by level, so that what a level needs is looked up together.
  func compare(_ pairs: [Pair], in repository: borrowing Repository) throws(GitError) -> [Finding] {
    var comparisons = pairs.map { Comparison($0) }
    for level in 0..<folder.count {
      lookUp(comparisons, in: repository)
      for index in comparisons.indices { try enter(level, &comparisons[index], in: repository) }
    }
    lookUp(comparisons, in: repository)
    var folders = FoldersToCompare(in: folder, expecting: 2 * pairs.count)
    for index in comparisons.indices { try compareTop(&comparisons[index], index, &folders, in: repository) }
    while !folders.isEmpty {
      folders.leaveOut(file) { index in
        guard let changed = pairs[index].changed, let rest = comparisons[index].count.rest else { return nil }
        return (changed, rest)
      }
      folders.goDown()
      var ids = IDsToLookUp(folders.level.count)
      for folder in folders.level { ids.add(folder.before, folder.after) }
      repository.packs.lookUp(ids.list)
      for folder in folders.level {
        try compare(folder, &comparisons[folder.commits], &folders, in: repository)
      }
    }
    return comparisons.map(\.finding)
  }

  /// Goes on to the folder of a name.
  private func enter(
    _ level: Int, _ comparison: inout Comparison, in repository: borrowing Repository
  ) throws(GitError) {
    let (before, after) = (comparison.before, comparison.after)
    if before == after { return }
    var found: (ObjectID, ObjectID)?
    var isElsewhere = true
    try unsafe repository.visitDifferences(of: before, after) { old, new in
      let isFolder = unsafe folder.isName(level, of: old, new)
      unsafe comparison.count.note(old, new, isFollowed: isFolder)
      if !isFolder { return true }
      isElsewhere = false
      if unsafe old?.isFolder == true, unsafe new?.isFolder == true, let old = unsafe old, let new = unsafe new {
        found = unsafe (old.id, new.id)
      }
      return true
    }
    if let found {
      (comparison.before, comparison.after) = found
    } else {
      // Nothing is left to compare.
      comparison.before = comparison.after
      comparison.cameOrWent = !isElsewhere
    }
  }

  /// Compares what is in the project's folder.
  private func compareTop(
    _ comparison: inout Comparison, _ index: Int, _ folders: inout FoldersToCompare,
    in repository: borrowing Repository
  ) throws(GitError) {
    if comparison.before == comparison.after { return }
    try unsafe repository.visitDifferences(of: comparison.before, comparison.after) { old, new in
      var isFollowed = false
      if unsafe topFiles.includeName(of: old, new) {
        comparison.hasTopFiles = true
      } else if unsafe topFolders.includeName(of: old, new) {
        isFollowed = true
        unsafe folders.add(old, new, in: nil, of: index)
      }
      unsafe comparison.count.note(old, new, isFollowed: isFollowed)
      return true
    }
  }

  /// Looks for the file in a folder.
  private func compare(
    _ folder: FoldersToCompare.Pair, _ comparison: inout Comparison, _ folders: inout FoldersToCompare,
    in repository: borrowing Repository
  ) throws(GitError) {
    try unsafe repository.visitDifferences(of: folder.before, folder.after) { old, new in
      unsafe comparison.count.note(old, new, isFollowed: true)
      if unsafe file.isName(0, of: old, new) {
        guard let file = unsafe File(in: folders.path(of: folder), old, new) else { return false }
        comparison.files.append(file)
      } else if unsafe old?.isFolder == true || new?.isFolder == true {
        unsafe folders.add(old, new, in: folder, of: folder.commits)
      }
      return true
    }
  }

  private func lookUp(_ comparisons: [Comparison], in repository: borrowing Repository) {
    var ids = IDsToLookUp(comparisons.count)
    for comparison in comparisons where comparison.before != comparison.after {
      ids.add(comparison.before, comparison.after)
    }
    repository.packs.lookUp(ids.list)
  }

  /// What is needed of some comparisons: what is before one commit is what is after the next one, as a rule.
  private struct IDsToLookUp {
    private(set) var list: [ObjectID] = []

    init(_ count: Int) { list.reserveCapacity(count + 1) }

    mutating func add(_ before: ObjectID?, _ after: ObjectID?) {
      if let after, after != list.last { list.append(after) }
      if let before { list.append(before) }
    }
  }

  /// What is known of two commits while they are compared.
  private struct Comparison {
    /// The folder that was reached; the same as `after` when nothing is left to compare.
    var before: ObjectID
    var after: ObjectID
    var count: PathCount
    var cameOrWent = false
    var hasTopFiles = false
    var files: [File] = []

    init(_ pair: Pair) {
      (before, after) = (pair.before, pair.after)
      count = PathCount(of: pair.changed)
    }

    var finding: Finding {
      if cameOrWent { return .cameOrWent }
      if before == after { return .same }
      if !hasTopFiles, files.isEmpty { return .unrelated(before: before, after: after) }
      return .differs(Differences(before: before, after: after, hasTopFiles: hasTopFiles, files: files))
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
