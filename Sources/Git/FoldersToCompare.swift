/// The folders that a watch has yet to compare, from level to level.
///
/// Their paths are in one place, which is used again from commit to commit, as most of them differ in a few folders.
@safe struct FoldersToCompare {
  /// Two versions of a folder, at least one of which is there.
  struct Pair {
    fileprivate var path: Range<Int>
    /// What is no folder counts as none.
    var before: ObjectID?
    var after: ObjectID?
  }

  /// Paths behind each other, from the top of the repository, without slashes at their ends; the project's own first.
  private var paths: [UInt8] = []
  /// How many of the bytes are used.
  private var end = 0
  private var project = 0..<0
  /// The folders of the next level.
  private var further: [Pair] = []
  /// The folders of this level that are left.
  private var level: [Pair] = []

  /// Whether the next level has none.
  var isEmpty: Bool { further.isEmpty }

  /// How many folders the next level has.
  var count: Int { further.count }

  /// Begins anew.
  ///
  /// - Parameter folder: the names of the project's folder, from the top of the repository.
  mutating func begin(in folder: WatchedNames) {
    further.removeAll(keepingCapacity: true)
    level.removeAll(keepingCapacity: true)
    (end, project) = (0, 0..<0)
    for index in 0..<folder.count { project = unsafe append(folder[index], to: project) }
  }

  /// Notes a folder for the next level.
  ///
  /// - Parameters:
  ///   - old: an entry of the same name as the other one.
  ///   - outer: the folder that has the entries; nil for the project's.
  mutating func add(_ old: TreeBytes.Raw?, _ new: TreeBytes.Raw?, in outer: Pair?) {
    guard let name = unsafe (new ?? old)?.name else { return }
    let path = unsafe append(name, to: outer?.path ?? project)
    unsafe further.append(
      Pair(
        path: path, before: old.flatMap { unsafe $0.isFolder ? $0.id : nil },
        after: new.flatMap { unsafe $0.isFolder ? $0.id : nil }))
  }

  /// Goes on with the next level.
  mutating func goDown() {
    swap(&level, &further)
    further.removeAll(keepingCapacity: true)
  }

  /// Another folder of this level, nil behind the last one.
  mutating func next() -> Pair? { level.popLast() }

  /// The path of a folder from the project's folder.
  func path(of folder: Pair) -> String {
    let skipped = project.isEmpty ? 0 : project.count + 1
    return String(decoding: paths[folder.path.lowerBound + skipped..<folder.path.upperBound], as: UTF8.self)
  }

  /// Whether a file may be one of the paths that differ, in any folder of the next level.
  ///
  /// - Parameter file: the names of which the first one is the file's.
  mutating func mayHold(_ file: WatchedNames, _ changed: ChangedPaths) -> Bool {
    for index in further.indices {
      let start = end
      defer { end = start }
      let path = unsafe append(file[0], to: further[index].path)
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
    if start + room > paths.count { paths += repeatElement(0, count: max(room, 512)) }
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
