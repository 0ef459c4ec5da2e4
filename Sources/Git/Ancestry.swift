extension Repository {
  /// By how many seconds the clocks may have gone wrong with which commits were made.
  private static var clockTolerance: Int64 { 86_400 }

  /// The newest commit that two commits have in common: what `git merge-base` prints.
  ///
  /// - Throws: ``GitError/Code-swift.enum/shallowHistory`` when it may lie where the history is cut off, and
  ///   ``GitError/Code-swift.enum/unrelatedHistories`` when there is none.
  /// - Complexity: O(*n* log *n*) in the commits that are newer than it.
  public func mergeBase(_ first: ObjectID, _ second: ObjectID) throws(GitError) -> ObjectID {
    let bases = try mergeBases(first, second)
    if let newest = bases.max(by: { $0.seconds < $1.seconds }) { return newest.id }
    throw GitError(
      .unrelatedHistories, "the commits \(first) and \(second) have no commit in common",
      help: "name a branch that this one was made from")
  }

  /// The commits from `id` back that are not in the history of `base`, newest first: what `git rev-list base..id`
  /// prints.
  ///
  /// - Throws: ``GitError/Code-swift.enum/shallowHistory`` where the history is cut off before that.
  /// - Complexity: O(*n* log *n*) in the commits that are newer than `base`.
  public func commits(from id: ObjectID, notIn base: ObjectID) throws(GitError) -> [CommitHeader] {
    var painter = try Painter(id, base, in: self)
    var met: [CommitHeader] = []
    var oldest = Int64.max / 2
    while let (commit, _) = painter.next(
      while: { $0 == .first || $1.seconds >= oldest - Repository.clockTolerance })
    {
      let paint = painter.paint(of: commit.id)
      if paint == .first {
        met.append(commit)
        oldest = min(oldest, commit.seconds)
      }
      try painter.paintParents(of: commit, with: paint, in: self, requiring: paint == .first)
    }
    return met.filter { painter.paint(of: $0.id) == .first }
  }

  /// The commits in common of which none was found to be another one's ancestor.
  private func mergeBases(_ first: ObjectID, _ second: ObjectID) throws(GitError) -> [CommitHeader] {
    if first == second { return [try header(ofCommit: first)] }
    var painter = try Painter(first, second, in: self)
    var bases: [CommitHeader] = []
    var oldest = Int64.max / 2
    while let (commit, known) = painter.next(
      while: { !$0.contains(.stale) || $1.seconds >= oldest - Repository.clockTolerance })
    {
      var paint = known
      if paint == [.first, .second] {
        bases.append(commit)
        oldest = min(oldest, commit.seconds)
        paint.insert(.stale)
      }
      try painter.paintParents(of: commit, with: paint, in: self, requiring: !paint.contains(.stale))
    }
    return bases.filter { !painter.paint(of: $0.id).contains(.stale) }
  }
}

/// Whose histories a commit is in.
private struct Paint: OptionSet, Hashable {
  let rawValue: UInt8

  static let first = Paint(rawValue: 1)
  static let second = Paint(rawValue: 2)
  /// Older than a commit that both have in common.
  static let stale = Paint(rawValue: 4)
}

/// Visits two histories from the newest commit to older ones, and notes whose each commit is.
private struct Painter {
  private var paints: [ObjectID: Paint] = [:]
  /// The commits to visit, the newest last.
  private var queue: [CommitHeader] = []
  private let boundary: Set<ObjectID>

  init(_ first: ObjectID, _ second: ObjectID, in repository: borrowing Repository) throws(GitError) {
    boundary = try repository.shallowBoundary()
    add(try repository.header(ofCommit: first), .first)
    add(try repository.header(ofCommit: second), .second)
  }

  func paint(of id: ObjectID) -> Paint { paints[id] ?? [] }

  /// The newest commit to visit, as long as one of those in the queue is wanted.
  mutating func next(while isWanted: (Paint, CommitHeader) -> Bool) -> (CommitHeader, Paint)? {
    guard queue.contains(where: { isWanted(paint(of: $0.id), $0) }), let commit = queue.popLast() else { return nil }
    return (commit, paint(of: commit.id))
  }

  /// - Parameter isRequired: whether the parents matter, so that they must be here.
  mutating func paintParents(
    of commit: CommitHeader, with paint: Paint, in repository: borrowing Repository, requiring isRequired: Bool
  ) throws(GitError) {
    if boundary.contains(commit.id), !commit.parents.isEmpty {
      if isRequired { throw .cutOff }
      return
    }
    for parent in commit.parents where !self.paint(of: parent).isSuperset(of: paint) {
      add(try repository.header(ofCommit: parent), paint)
    }
  }

  private mutating func add(_ commit: CommitHeader, _ paint: Paint) {
    paints[commit.id, default: []].formUnion(paint)
    guard !queue.contains(where: { $0.id == commit.id }) else { return }
    let index = queue.lastIndex { $0.seconds <= commit.seconds }.map { $0 + 1 } ?? 0
    queue.insert(commit, at: index)
  }
}
