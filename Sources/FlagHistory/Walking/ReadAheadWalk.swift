internal import Git

/// A walk over commits together with what they changed, which another thread reads ahead, and compares where it is far
/// enough ahead.
///
/// Nothing depends on that but the time: what was left out or could not be read, the thread that walks reads itself. It
/// belongs to the thread that made it.
final class ReadAheadWalk {
  /// A commit with what was found of it.
  struct Step: Sendable {
    /// The commit.
    var walked: CommitWalk.Step
    /// The flags trees of the commit and of its parents; nil where they were not read.
    var flagsTrees: FlagsTrees?
    /// What else was read; nil for nothing.
    var reading: Reading?
    /// What the commit changed; nil where that is not known yet.
    var outcome: CommitOutcome?
  }

  /// What was read of a commit that has another flags tree than each of its parents.
  struct Reading: Sendable {
    var commit: Commit
    var signature: CommitSignature
    var trees: ReadTrees
  }

  private var walk: CommitWalk
  private let expected: Int
  private let scope: HistoryScope
  private let filter: FlagLog.Filter
  private let cache: HistoryCache?
  /// How many commits this thread still takes before another one reads ahead.
  private var alone: Int
  private var ahead: ReadAhead?
  /// What was read and is not returned yet, the next step last.
  private var steps: [Step] = []

  /// - Parameters:
  ///   - id: the newest commit.
  ///   - expected: how many commits are wanted that changed something; others are read when they are asked for.
  ///   - filter: nothing is read of commits before its time.
  ///   - cache: what is known of commits.
  ///   - alone: after how many commits a thread reads ahead.
  init(
    from id: ObjectID, expecting expected: Int, within scope: HistoryScope, filter: FlagLog.Filter,
    cache: HistoryCache?, _ explorer: TreeExplorer, alone: Int
  ) throws(GitError) {
    self.expected = expected
    self.scope = scope
    self.filter = filter
    self.cache = cache
    self.alone = alone
    walk = try CommitWalk(from: id, in: explorer.repository)
  }

  deinit { ahead?.end() }

  /// The next commit, nil after the last one.
  func next(_ explorer: TreeExplorer) throws(GitError) -> Step? {
    if let step = steps.popLast() { return step }
    if ahead == nil, alone <= 0 {
      ahead = ReadAhead(walk, expecting: expected, within: scope, filter: filter, cache: cache, explorer)
      if ahead == nil { alone = .max }
    }
    guard let ahead else {
      alone -= 1
      return try walk.next(in: explorer.repository).map { Step(walked: $0) }
    }
    steps = try ahead.next(explorer).reversed()
    return steps.popLast()
  }
}
