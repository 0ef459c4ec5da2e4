package import Git
internal import Glibc

/// The commits that changed what flags mean, newest first, in the order of `git log`.
///
/// A commit is listed when it differs from each of its parents, a first commit when it has anything. A merge is told as
/// what it changed against its first parent. Side branches are walked whole, also where a merge threw their changes away:
/// what was committed is part of the audit.
package struct FlagLog {
  /// The commits that were met whose parents this repository was never given: what was before them is not known.
  package private(set) var cutOffs: [ObjectID] = []

  private let explorer: TreeExplorer
  private let finder: ChangeFinder
  private let filter: Filter
  /// Nil where a flag is watched.
  private var walk: CommitWalk?
  private var watched: (flag: WatchedFlag, walk: WatchedWalk)?
  /// The flags trees of commits' trees.
  private var flagsTrees = GenerationalCache<ObjectID, ObjectID?>(capacity: 10_000)

  /// Which of the commits are wanted, whatever they changed.
  package struct Filter: Sendable {
    /// A part of the author's `Name <email>`, whatever its case; nil for any.
    package var author: String?
    /// The earliest time of a commit, in seconds since 1970-01-01T00:00:00Z; nil for any.
    package var since: Int64?

    package init(author: String? = nil, since: Int64? = nil) {
      self.author = author
      self.since = since
    }
  }

  /// - Parameters:
  ///   - id: the newest commit.
  ///   - alone: after how many commits the log of a flag uses a second thread.
  package init(
    from id: ObjectID, _ explorer: TreeExplorer, within scope: HistoryScope, filter: Filter = Filter(),
    alone: Int = 200
  ) throws(GitError) {
    self.explorer = explorer
    self.filter = filter
    finder = ChangeFinder(explorer, within: scope)
    if let flag = scope.flag.map({ WatchedFlag($0, explorer) }) {
      watched = (flag, try WatchedWalk(from: id, watching: flag.watch, in: explorer.repository, alone: alone))
    } else {
      walk = try CommitWalk(from: id, in: explorer.repository)
    }
  }

  /// The next commit that is listed, nil when the history ends.
  ///
  /// - Throws: when an object is missing or damaged; the history never ends early without that.
  package mutating func next() throws(GitError) -> CommitChanges? {
    while let (step, mayDiffer) = try step() {
      if step.isCutOff {
        cutOffs.append(step.commit.id)
        continue
      }
      if let since = filter.since, step.commit.seconds < since { continue }
      if mayDiffer, let entry = try entry(of: step) { return entry }
    }
    return nil
  }

  /// The next commit, and whether it may be one that is listed.
  private mutating func step() throws(GitError) -> (CommitWalk.Step, mayDiffer: Bool)? {
    guard let watched else { return try walk?.next(in: explorer.repository).map { ($0, true) } }
    guard let step = try watched.walk.next(in: explorer.repository) else { return nil }
    return (step.walked, try watched.flag.mayDiffer(step.walked, step.findings))
  }

  private mutating func entry(of step: CommitWalk.Step) throws(GitError) -> CommitChanges? {
    let tree = try flagsTree(in: step.commit.tree)
    var parents: [ObjectID?] = []
    for parent in step.parents { parents.append(try flagsTree(in: parent.tree)) }
    if parents.isEmpty { parents = [nil] }
    if parents.contains(tree) { return nil }
    let changes = try finder.changes(from: parents[0], to: tree)
    if changes.isEmpty { return nil }
    for parent in parents.dropFirst() where try finder.changes(from: parent, to: tree).isEmpty { return nil }
    let commit = try explorer.repository.commit(step.commit.id)
    guard commit.tree == step.commit.tree, commit.parents == step.commit.parents else {
      throw GitError.wrongCommitGraph(commit.id)
    }
    if let author = filter.author, !commit.author.matches(author) { return nil }
    return CommitChanges(commit: commit, changes: changes, signature: try explorer.signature(of: commit))
  }

  private mutating func flagsTree(in tree: ObjectID) throws(GitError) -> ObjectID? {
    if let known = flagsTrees.value(for: tree) { return known }
    let found = try explorer.flagsTree(in: tree)
    flagsTrees.remember(found, for: tree)
    return found
  }
}

extension Commit.Signature {
  /// Whether `part` stands in `Name <email>`, whatever the case of ASCII letters.
  func matches(_ part: String) -> Bool {
    func folded(_ text: String) -> String {
      String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
    return strstr(folded("\(name) <\(email)>"), folded(part)) != nil
  }
}
