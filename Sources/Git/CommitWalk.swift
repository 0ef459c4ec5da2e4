internal import Glibc

/// A walk from one commit to all commits before it, in the order of `git log`: newest first by the committer's time; of
/// equal ones, that which was met first.
///
/// It is lazy, and reads each commit once. It never ends early: an object that is missing or damaged is an error, and a
/// commit where the history was cut off (a shallow clone) is told as ``Step/isCutOff``.
///
/// Where Git has written a commit-graph, that is read in place of the commits, as Git itself does. So a step's headers
/// are what the commits say only if that file is right; who shows a commit reads it, and compares.
///
/// The walk does not hold the repository, which may be used by one thread only: it is handed in with each step.
public struct CommitWalk: Sendable {
  /// A commit with those before it.
  public struct Step: Sendable {
    /// The commit.
    public var commit: CommitHeader
    /// The trees of its parents in order; empty for the first commit and where the history is cut off.
    public var parentTrees: ShortList<ObjectID>
    /// Whether the commit has parents that this repository was never given.
    public var isCutOff: Bool
    /// Where the commit-graph notes the commit; nil where it was read itself.
    var position: Int?
  }

  /// Commits that were met and not returned, in a binary heap.
  private var queue: [Entry] = []
  /// Every commit that was met and is not noted in the commit-graph.
  private var met: Set<ObjectID> = []
  /// A bit for each commit that the commit-graph notes: whether it was met.
  private var metPlaces: [UInt64] = []
  /// The number of the next commit that is met.
  private var serial = 0
  private let boundary: Set<ObjectID>
  let graph: CommitGraph?

  private struct Place {
    var commit: Int
    var parents: ShortList<Int>
  }

  private struct Entry {
    var header: CommitHeader
    /// Where the commit-graph notes the commit and its parents; nil where it was read itself.
    var place: Place?
    var serial: Int

    /// Whether this one is returned before the other.
    func precedes(_ other: Entry) -> Bool {
      header.seconds != other.header.seconds ? header.seconds > other.header.seconds : serial < other.serial
    }
  }

  /// A walk that begins with the commit `id`.
  public init(from id: ObjectID, in repository: borrowing Repository) throws(GitError) {
    boundary = try repository.shallowBoundary()
    // Git neither writes nor reads a graph where the history is cut off: it would tell of parents that are not there.
    graph = boundary.isEmpty ? CommitGraph(repository.commonDirectory + "objects/") : nil
    meet(try repository.header(ofCommit: id), at: nil)
  }

  /// The next commit, nil after the last one.
  ///
  /// - Complexity: O(log *n*) in the number of commits that wait, and an object to read for each parent.
  public mutating func next(in repository: borrowing Repository) throws(GitError) -> Step? {
    guard let (header, place) = pop() else { return nil }
    if boundary.contains(header.id) {
      return Step(commit: header, parentTrees: [], isCutOff: !header.parents.isEmpty)
    }
    var trees: ShortList<ObjectID> = []
    for (index, id) in header.parents.enumerated() {
      let position = place.map { $0.parents[index] } ?? graph?.position(of: id)
      if let position, let noted = graph?.commit(at: position) {
        trees.append(noted.header.tree)
        meet(noted.header, at: Place(commit: position, parents: noted.parents))
      } else {
        let parent = try repository.header(ofCommit: id)
        trees.append(parent.tree)
        meet(parent, at: nil)
      }
    }
    return Step(commit: header, parentTrees: trees, isCutOff: false, position: place?.commit)
  }

  private mutating func meet(_ header: CommitHeader, at place: Place?) {
    guard isNew(header.id, at: place) else { return }
    queue.append(Entry(header: header, place: place, serial: serial))
    serial += 1
    var index = queue.count - 1
    while index > 0, case let parent = (index - 1) / 2, queue[index].precedes(queue[parent]) {
      queue.swapAt(index, parent)
      index = parent
    }
  }

  /// Whether a commit was not met before; it counts as met from then on.
  private mutating func isNew(_ id: ObjectID, at place: Place?) -> Bool {
    guard let position = place?.commit else { return met.insert(id).inserted }
    let (word, bit) = (position / 64, UInt64(1) << UInt64(position % 64))
    if word >= metPlaces.count {
      metPlaces += repeatElement(0, count: max(word + 1, 2 * metPlaces.count) - metPlaces.count)
    }
    defer { metPlaces[word] |= bit }
    return metPlaces[word] & bit == 0
  }

  private mutating func pop() -> (CommitHeader, Place?)? {
    guard let last = queue.popLast() else { return nil }
    guard let first = queue.first else { return (last.header, last.place) }
    queue[0] = last
    var index = 0
    while true {
      var next = index
      for child in [2 * index + 1, 2 * index + 2] where child < queue.count && queue[child].precedes(queue[next]) {
        next = child
      }
      if next == index { return (first.header, first.place) }
      queue.swapAt(index, next)
      index = next
    }
  }
}

extension Repository {
  /// The commits whose parents were left out when the repository was cloned; empty for a whole history.
  public func shallowBoundary() throws(GitError) -> Set<ObjectID> {
    // Not `isShallow`: libgit2 does not look there for a further work tree.
    let path = commonDirectory + "shallow"
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0, errno == ENOENT { return [] }
    guard descriptor >= 0 else { throw unreadable(path) }
    defer { close(descriptor) }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { break }
      guard count > 0 else { throw unreadable(path) }
      text += chunk[..<count]
    }
    var boundary: Set<ObjectID> = []
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      guard let id = ObjectID(hexadecimal: String(line)) else {
        throw GitError(.other, "'\(path)' has a line that is no commit's id: '\(line)'")
      }
      boundary.insert(id)
    }
    return boundary
  }

  private func unreadable(_ path: String) -> GitError {
    GitError(.other, "cannot read '\(path)': \(unsafe String(cString: strerror(errno)))")
  }
}
