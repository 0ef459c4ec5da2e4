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

  private let folder: [[UInt8]]
  /// The path of the folder with a slash at its end; empty for the top itself.
  private let folderPath: [UInt8]
  private let topFiles: [[UInt8]]
  private let topFolders: [[UInt8]]
  private let file: [UInt8]

  /// - Parameters:
  ///   - folder: the path of the project's folder from the top of the repository; empty for the top itself.
  ///   - topFiles: names of files in it that are watched.
  ///   - file: the name of the files that are watched, wherever they lie below `topFolders`.
  ///   - topFolders: names of folders in it.
  public init(in folder: String, topFiles: [String], file: String, below topFolders: [String]) {
    self.init(
      folder: folder.split(separator: "/").map { Array($0.utf8) }, topFiles: topFiles.map { Array($0.utf8) },
      topFolders: topFolders.map { Array($0.utf8) }, file: Array(file.utf8))
  }

  /// What differs between the trees of two commits.
  public func compare(
    _ before: ObjectID, _ after: ObjectID, in repository: borrowing Repository
  ) throws(GitError) -> Finding {
    try compare(before, after, nil, in: repository)
  }

  /// What differs between the trees of a commit and its first parent.
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
      guard let found else { return isElsewhere ? .same : .cameOrWent }
      (before, after) = found
    }
    if before == after { return .same }
    var folders: [Folders] = []
    var differences = Differences(before: before, after: after, hasTopFiles: false, files: [])
    try unsafe repository.visitDifferences(of: before, after) { old, new in
      var isFollowed = false
      if topFiles.contains(where: { name in unsafe old?.isNamed(name) == true || new?.isNamed(name) == true }) {
        differences.hasTopFiles = true
      } else if topFolders.contains(where: { name in unsafe old?.isNamed(name) == true || new?.isNamed(name) == true })
      {
        isFollowed = true
        unsafe folders.append(Folders(old, new, in: []))
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
    _ folders: inout [Folders], _ count: inout PathCount, _ changed: ChangedPaths?, _ differences: inout Differences,
    in repository: borrowing Repository
  ) throws(GitError) {
    while !folders.isEmpty {
      // One path in each folder that differs is a file in it, and not in a folder further down.
      if let changed, count.rest == folders.count,
        folders.allSatisfy({ !changed.mayContain(path(ofFileIn: $0)) })
      {
        return
      }
      let outer = folders
      folders = []
      for next in outer {
        try unsafe repository.visitDifferences(of: next.before, next.after) { old, new in
          unsafe count.note(old, new, isFollowed: true)
          if unsafe old?.isNamed(file) == true || new?.isNamed(file) == true {
            guard let file = unsafe File(in: next.path, old, new) else { return false }
            differences.files.append(file)
          } else if unsafe old?.isFolder == true || new?.isFolder == true {
            unsafe folders.append(Folders(old, new, in: next.path))
          }
          return true
        }
      }
    }
  }

  /// The path of the file in a folder, from the top of the repository.
  private func path(ofFileIn folder: Folders) -> [UInt8] {
    var path: [UInt8] = []
    path.reserveCapacity(folderPath.count + folder.path.count + file.count + 1)
    path += folderPath
    path += folder.path
    path.append(UInt8(ascii: "/"))
    path += file
    return path
  }

  /// The same watch for another thread: two threads that count references to one array wait for each other.
  func forAnotherThread() -> FileWatch {
    func copy(_ names: [[UInt8]]) -> [[UInt8]] { names.map { name in name.map { $0 } } }
    return FileWatch(
      folder: copy(folder), topFiles: copy(topFiles), topFolders: copy(topFolders), file: file.map { $0 })
  }

  private init(folder: [[UInt8]], topFiles: [[UInt8]], topFolders: [[UInt8]], file: [UInt8]) {
    self.folder = folder
    folderPath = folder.flatMap { $0 + [UInt8(ascii: "/")] }
    self.topFiles = topFiles
    self.topFolders = topFolders
    self.file = file
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
      let name = unsafe (new ?? old)?.name
      var own: [UInt8] = []
      own.reserveCapacity(path.count + 1 + (unsafe name?.count ?? 0))
      own += path
      if !path.isEmpty { own.append(UInt8(ascii: "/")) }
      if let name = unsafe name { unsafe own.append(contentsOf: name) }
      self.path = own
    }
  }
}

extension FileWatch.File {
  /// Nil when an entry has a mode that nobody knows.
  ///
  /// - Parameters:
  ///   - folder: the path of the folder that has the entries.
  ///   - old: an entry of the same name as the other one.
  fileprivate init?(in folder: [UInt8], _ old: TreeBytes.Raw?, _ new: TreeBytes.Raw?) {
    let (before, after) = unsafe (old.flatMap { unsafe $0.entry }, new.flatMap { unsafe $0.entry })
    guard unsafe (before == nil) == (old == nil), unsafe (after == nil) == (new == nil) else { return nil }
    guard let name = (after ?? before)?.name else { return nil }
    self.folder = String(decoding: folder, as: UTF8.self)
    difference = TreeDifference(name: name, before: before, after: after)
  }
}
