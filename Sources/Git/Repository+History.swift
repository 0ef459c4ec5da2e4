internal import CGit2

extension Repository {
  /// The number of commits from the first one to `id`, each merge followed to its first parent only: what
  /// `git rev-list --first-parent --count` prints.
  ///
  /// - Throws: ``GitError/Code-swift.enum/shallowHistory`` where that number would be wrong.
  /// - Complexity: O(*n*) in the number.
  public func firstParentCount(to id: ObjectID) throws(GitError) -> Int {
    try requireWholeHistory()
    let walk = try unsafe Handle("git_revwalk_new", of: library, freeingWith: git_revwalk_free) {
      unsafe git_revwalk_new($0, handle.pointer)
    }
    var name = id.git
    try check(unsafe git_revwalk_simplify_first_parent(walk.pointer), "git_revwalk_simplify_first_parent")
    let pushed = unsafe git_revwalk_push(walk.pointer, &name)
    guard pushed == 0 else { throw explain(library.error(pushed, "git_revwalk_push"), reading: id, as: .commit) }
    var count = 0
    while true {
      let status = unsafe git_revwalk_next(&name, walk.pointer)
      if status == GIT_ITEROVER.rawValue { return count }
      try check(status, "git_revwalk_next")
      count += 1
    }
  }

  /// Whether `ancestor` is `id` or one of the commits before it, by any parent: what `git merge-base --is-ancestor` asks.
  ///
  /// - Throws: ``GitError/Code-swift.enum/shallowHistory`` where the way may be cut off, and
  ///   ``GitError/Code-swift.enum/missingObject`` when the repository lacks one of the two.
  public func isAncestor(_ ancestor: ObjectID, of id: ObjectID) throws(GitError) -> Bool {
    // Both must be here, even when they are one.
    for commit in [ancestor, id] { _ = try self.commit(commit) }
    if ancestor == id { return true }
    try requireWholeHistory()
    var (name, older) = (id.git, ancestor.git)
    let status = unsafe git_graph_descendant_of(handle.pointer, &name, &older)
    guard status >= 0 else { throw library.error(status, "git_graph_descendant_of") }
    return status == 1
  }

  /// The newest of the commits from `id` back, each merge followed to its first parent only, that is not later than a
  /// moment; nil when the first of them is later.
  ///
  /// - Parameter seconds: since 1970-01-01T00:00:00Z; compared with the committer's time.
  /// - Throws: ``GitError/Code-swift.enum/shallowHistory`` where the history is cut off before such a commit.
  public func newest(from id: ObjectID, notLaterThan seconds: Int64) throws(GitError) -> ObjectID? {
    let boundary = try shallowBoundary()
    var header = try self.header(ofCommit: id)
    while header.seconds > seconds {
      if boundary.contains(header.id), !header.parents.isEmpty { throw .cutOff }
      guard let parent = header.parents.first else { return nil }
      header = try self.header(ofCommit: parent)
    }
    return header.id
  }

  private func requireWholeHistory() throws(GitError) {
    if isShallow { throw .cutOff }
  }

  private func check(_ status: Int32, _ function: String) throws(GitError) {
    guard status >= 0 else { throw library.error(status, function) }
  }
}

extension GitError {
  /// A commit of which the commit-graph says what the commit does not.
  package static func wrongCommitGraph(_ id: ObjectID) -> GitError {
    GitError(
      .corruptObject, "the commit-graph is wrong about the commit \(id)",
      help: "write it anew with git commit-graph write --reachable")
  }

  /// What to do about a history that was cut off.
  static let unshallowHelp =
    "the history was cut off when it was cloned: git fetch --unshallow; in a CI job, check out all of it "
    + "(fetch-depth: 0, GIT_DEPTH: 0)"

  /// The refusal to answer from a part of the history.
  static var cutOff: GitError {
    GitError(
      .shallowHistory, "the history of this repository was cut off when it was cloned (a shallow clone)",
      help: "fetch the rest with git fetch --unshallow; in a CI job, check out all of it (fetch-depth: 0, GIT_DEPTH: 0)"
    )
  }
}
