/// The folders that a watch has yet to compare, of many pairs of commits, from level to level.
///
/// Their paths are in one place: most commits differ in a few folders, and most of those need no path of their own.
@safe struct FoldersToCompare {
  /// Two versions of a folder, at least one of which is there.
  struct Pair {
    /// The number of the commits that it is of.
    var commits: Int
    /// What is no folder counts as none.
    var before: ObjectID?
    var after: ObjectID?
    fileprivate var path: Range<Int>
  }

  /// Paths behind each other, from the top of the repository, without slashes at their ends; the project's own first.
  private var paths: [UInt8]
  /// How many of the bytes are used.
  private var end = 0
  private var project = 0..<0
  /// The folders of this level.
  private(set) var level: [Pair] = []
  /// The folders of the next level, those of the same commits together.
  private var further: [Pair] = []

  /// - Parameters:
  ///   - folder: the names of the project's folder, from the top of the repository.
  ///   - count: how many folders there may be as a rule.
  init(in folder: WatchedNames, expecting count: Int) {
    paths = Array(repeating: 0, count: 96 * count)
    level.reserveCapacity(count)
    further.reserveCapacity(count)
    for index in 0..<folder.count { project = unsafe append(folder[index], to: project) }
  }

  /// Whether the next level has none.
  var isEmpty: Bool { further.isEmpty }

  /// Notes a folder for the next level.
  ///
  /// - Parameters:
  ///   - old: an entry of the same name as the other one.
  ///   - outer: the folder that has the entries; nil for the project's.
  mutating func add(_ old: TreeBytes.Raw?, _ new: TreeBytes.Raw?, in outer: Pair?, of commits: Int) {
    guard let name = unsafe (new ?? old)?.name else { return }
    let path = unsafe append(name, to: outer?.path ?? project)
    unsafe further.append(
      Pair(
        commits: commits, before: old.flatMap { unsafe $0.isFolder ? $0.id : nil },
        after: new.flatMap { unsafe $0.isFolder ? $0.id : nil }, path: path))
  }

  /// Goes on with the next level.
  mutating func goDown() {
    swap(&level, &further)
    further.removeAll(keepingCapacity: true)
  }

  /// The path of a folder from the project's folder.
  func path(of folder: Pair) -> String {
    let skipped = project.isEmpty ? 0 : project.count + 1
    return String(decoding: paths[folder.path.lowerBound + skipped..<folder.path.upperBound], as: UTF8.self)
  }

  /// Leaves those of the next level out of which it is known that none has the file, nor a folder with it.
  ///
  /// - Parameters:
  ///   - file: the names of which the first one is the file's.
  ///   - changes: which paths differ between commits, and how many there are besides those that lead to the folders; nil
  ///     where nothing is known.
  mutating func leaveOut(_ file: WatchedNames, by changes: (Int) -> (paths: ChangedPaths, rest: Int)?) {
    var (kept, start) = (0, 0)
    while start < further.count {
      let commits = further[start].commits
      var end = start + 1
      while end < further.count, further[end].commits == commits { end += 1 }
      // One path in each folder that differs is a file in it, and not in a folder further down.
      if let (changed, rest) = changes(commits), rest == end - start, !mayHold(file, in: start..<end, changed) {
        start = end
        continue
      }
      while start < end {
        further[kept] = further[start]
        (kept, start) = (kept + 1, start + 1)
      }
    }
    further.removeLast(further.count - kept)
  }

  /// Whether the file may be one of the paths that differ, in any of some folders of the next level.
  private mutating func mayHold(_ file: WatchedNames, in folders: Range<Int>, _ changed: ChangedPaths) -> Bool {
    for index in folders {
      let start = end
      let path = unsafe append(file[0], to: further[index].path)
      end = start
      let mayHold = unsafe paths.withUnsafeBytes { all in
        unsafe changed.mayContain(UnsafeRawBufferPointer(rebasing: all[path]))
      }
      if mayHold { return true }
    }
    return false
  }

  /// Writes down a path that follows another one.
  private mutating func append(_ name: UnsafeRawBufferPointer, to path: Range<Int>) -> Range<Int> {
    let start = end
    let room = path.count + 1 + name.count
    if start + room > paths.count { paths += repeatElement(0, count: max(room, paths.count)) }
    unsafe paths.withUnsafeMutableBytes { all in
      var next = start
      if !path.isEmpty {
        unsafe UnsafeMutableRawBufferPointer(rebasing: all[next...]).copyMemory(
          from: UnsafeRawBufferPointer(rebasing: all[path]))
        next += path.count
        unsafe all[next] = UInt8(ascii: "/")
        next += 1
      }
      unsafe UnsafeMutableRawBufferPointer(rebasing: all[next...]).copyMemory(from: name)
      end = next + name.count
    }
    return start..<end
  }
}
