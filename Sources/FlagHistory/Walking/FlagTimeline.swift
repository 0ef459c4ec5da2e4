package import Ensign
package import FlagSource
package import Git

/// What one context got from a flag over the history of a branch, newest first: an entry for each change of the answer.
///
/// The branch is the commit that one begins with and its first parents: what was served is what was on the branch, whenever
/// a side branch was begun. Of each commit only the flag, what it requires and the segments they use are read and
/// evaluated, and only when one of their files changed.
package struct FlagTimeline {
  /// From when on the answer was given, until that of the entry before.
  package struct Entry {
    package var commit: Commit
    package var answer: Answer
    /// Whether the history is cut off there (a shallow clone), so that the answer may be older.
    package var isCutOff: Bool
  }

  /// What a context gets at a commit.
  package enum Answer: Equatable {
    case evaluation(Evaluation)
    /// There is no such flag in the environment.
    case absent
    /// Nobody got anything new: the files that decide have a mistake, which this names.
    case unreadable(String)
  }

  private let explorer: TreeExplorer
  private let flag: String
  private let environment: String
  private let context: Context
  private let boundary: Set<ObjectID>
  private let oldest: ObjectID?
  /// Whether the commit that was asked to be the last one has been met.
  private(set) var hasMetOldest = false
  /// The commit that the next entry begins the search at; nil at the end.
  private var next: (header: CommitHeader, state: State)?

  /// The answer at a commit, and what decides it.
  private struct State {
    var tree: ObjectID?
    var answer: Answer
    var flags: Set<String>
    var segments: Set<String>
  }

  /// - Parameters:
  ///   - id: the newest commit.
  ///   - context: who is asking, and when, for every commit alike.
  ///   - oldest: a commit that the timeline ends at, if it is met: the last entry has it, whenever its answer began.
  package init(
    of flag: String, in environment: String, for context: Context, from id: ObjectID, to oldest: ObjectID? = nil,
    _ explorer: TreeExplorer
  ) throws(GitError) {
    self.explorer = explorer
    self.flag = flag
    self.environment = environment
    self.context = context
    self.oldest = oldest
    boundary = try explorer.repository.shallowBoundary()
    let header = try explorer.repository.header(ofCommit: id)
    next = (header, try state(in: explorer.flagsTree(in: header.tree)))
  }

  /// The next older answer, nil when the history ends.
  package mutating func nextEntry() throws(GitError) -> Entry? {
    guard var (header, state) = next else { return nil }
    let answer = state.answer
    while true {
      hasMetOldest = header.id == oldest
      let isCutOff = !hasMetOldest && boundary.contains(header.id) && !header.parents.isEmpty
      guard let id = header.parents.first, !isCutOff, !hasMetOldest else {
        next = nil
        return Entry(commit: try explorer.repository.commit(header.id), answer: answer, isCutOff: isCutOff)
      }
      let parent = try explorer.repository.header(ofCommit: id)
      let before = try self.state(in: explorer.flagsTree(in: parent.tree), before: state)
      if before.answer != answer {
        next = (parent, before)
        return Entry(commit: try explorer.repository.commit(header.id), answer: answer, isCutOff: false)
      }
      (header, state) = (parent, before)
    }
  }

  /// The state in a tree, which is the one after it where nothing that decides differs.
  private func state(in tree: ObjectID?, before later: State) throws(GitError) -> State {
    if tree == later.tree { return later }
    let delta = try TreeDelta(from: tree, to: later.tree, within: HistoryScope(), in: explorer.repository)
    if !delta.hasManifest, delta.listFolders.isEmpty, delta.flags.isDisjoint(with: later.flags),
      delta.segments.isDisjoint(with: later.segments)
    {
      var state = later
      state.tree = tree
      return state
    }
    return try state(in: tree)
  }

  private func state(in tree: ObjectID?) throws(GitError) -> State {
    var parts = DecidingParts(flag: flag, environment: environment)
    try parts.read(tree, explorer)
    return State(
      tree: tree, answer: parts.answer(for: context, manifest: try explorer.manifest(of: tree)),
      flags: Set(parts.flags.keys), segments: Set(parts.segments.keys))
  }
}

extension TreeExplorer {
  /// The types of a commit's declared attributes.
  package func attributeTypes(in commit: ObjectID) throws(GitError) -> [String: FlagSource.AttributeType] {
    try manifest(of: flagsTree(in: repository.header(ofCommit: commit).tree)).types
  }
}
