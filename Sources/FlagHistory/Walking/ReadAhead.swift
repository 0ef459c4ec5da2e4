internal import Git

/// A walk over commits together with what they changed, which is read on a thread of its own ahead of the thread that
/// compares it.
///
/// Nothing depends on that but the time: what was left out or could not be read, the other thread reads itself. It belongs
/// to the thread that made it.
final class ReadAheadWalk {
  /// A commit with what was read of it.
  struct Step: Sendable {
    /// The commit.
    var walked: CommitWalk.Step
    /// The flags trees of the commit and of its parents; nil where they were not read.
    var flagsTrees: FlagsTrees?
    /// What else was read; nil for nothing.
    var reading: Reading?
  }

  /// What was read of a commit that has another flags tree than each of its parents.
  struct Reading: Sendable {
    var commit: Commit
    var signature: CommitSignature
    var trees: ReadTrees
  }

  private var walk: CommitWalk
  private let since: Int64?
  private let expected: Int
  private let scope: HistoryScope
  /// How many commits this thread still takes before another one reads ahead.
  private var alone: Int
  private var ahead: ReadAhead?
  /// What was read and is not returned yet, the next step last.
  private var batch: [Step] = []

  /// - Parameters:
  ///   - id: the newest commit.
  ///   - since: nothing is read of commits before that time, in seconds since 1970-01-01T00:00:00Z.
  ///   - expected: how many commits are wanted that changed something; others are read when they are asked for.
  ///   - alone: after how many commits a thread reads ahead.
  init(
    from id: ObjectID, since: Int64?, expecting expected: Int, within scope: HistoryScope, _ explorer: TreeExplorer,
    alone: Int
  ) throws(GitError) {
    self.since = since
    self.expected = expected
    self.scope = scope
    self.alone = alone
    walk = try CommitWalk(from: id, in: explorer.repository)
  }

  deinit { ahead?.end() }

  /// The next commit, nil after the last one.
  func next(_ explorer: TreeExplorer) throws(GitError) -> Step? {
    if let step = batch.popLast() { return step }
    if ahead == nil, alone <= 0 {
      ahead = ReadAhead(walk, since: since, expecting: expected, within: scope, explorer)
      if ahead == nil { alone = .max }
    }
    guard let ahead else {
      alone -= 1
      return try walk.next(in: explorer.repository).map { Step(walked: $0) }
    }
    batch = try ahead.next(explorer).reversed()
    return batch.popLast()
  }
}

/// The thread that walks and reads.
private final class ReadAhead: @unchecked Sendable {
  // Unchecked: what is not constant is touched by the thread alone, or is in the monitor.
  private let plan: Monitor<Plan>
  private var walk: CommitWalk
  private let location: RepositoryLocation
  private let folder: String
  private let scope: HistoryScope
  private let since: Int64?
  private let shared: SharedFolders
  private var hasSearched = false
  private var thread: JoinedThread?

  private struct Plan {
    /// What was read and is not taken yet, in order; never empty ones.
    var batches: [[ReadAheadWalk.Step]] = []
    /// Whether there will be no more of them.
    var isWalked = false
    /// What ended the walk behind them.
    var failure: GitError?
    var isStopped = false
    /// How many commits may still be read.
    var allowed: Int
    /// Whether the thread waits until more are allowed.
    var isIdle = false
    /// The flags tree whose definitions are searched first: half of what the first commit takes.
    var searched: ObjectID?
  }

  private static let mostBatches = 4
  private static let mostSteps = 512
  private static let mostReadings = 8

  /// Starts the thread; nil when the system has none left.
  init?(
    _ walk: CommitWalk, since: Int64?, expecting expected: Int, within scope: HistoryScope, _ explorer: TreeExplorer
  ) {
    plan = Monitor(Plan(allowed: expected))
    self.walk = walk
    self.since = since
    self.scope = scope
    location = RepositoryLocation(of: explorer.repository)
    folder = explorer.folder
    shared = explorer.shared
    guard let thread = JoinedThread({ self.run() }) else { return nil }
    self.thread = thread
  }

  /// Ends the thread.
  func end() {
    plan.change { $0.isStopped = true }
    thread?.join()
  }

  private enum Turn {
    case take([ReadAheadWalk.Step])
    case share(definitionsOf: ObjectID)
    case waitForMore
    case end(GitError?)
  }

  /// The next commits, empty after the last one; the caller reads, too, while it waits for the first one.
  func next(_ explorer: TreeExplorer) throws(GitError) -> [ReadAheadWalk.Step] {
    while true {
      let turn = plan.wait { plan -> Turn? in
        if !plan.batches.isEmpty { return .take(plan.batches.removeFirst()) }
        if let tree = plan.searched {
          plan.searched = nil
          return .share(definitionsOf: tree)
        }
        if plan.isWalked { return .end(plan.failure) }
        guard plan.isIdle else { return nil }
        // Not all that was expected is listed.
        plan.isIdle = false
        plan.allowed = Self.mostReadings
        return .waitForMore
      }
      switch turn {
      case .take(let steps): return steps
      // What cannot be read is an error where it is needed.
      case .share(let tree): try? explorer.share(definitionsOf: tree)
      case .waitForMore: break
      case .end(let failure):
        if let failure { throw failure }
        return []
      }
    }
  }

  // MARK: The thread

  private func run() {
    var failure: GitError?
    do throws(GitError) {
      let explorer = TreeExplorer(try location.open(), folder: folder, shared)
      // The first commit at once, then more and more of them.
      var size = 1
      while try readBatch(allowance(size), explorer) { size = min(2 * size, Self.mostReadings) }
    } catch {
      failure = error
    }
    plan.change { plan in
      plan.failure = failure
      plan.isWalked = true
    }
  }

  /// Waits until some commits may be read.
  ///
  /// - Returns: How many, at most `size`; 0 when the thread is to end.
  private func allowance(_ size: Int) -> Int {
    // The other thread has to see that this one waits.
    plan.change { $0.isIdle = $0.allowed == 0 }
    return plan.wait { plan -> Int? in
      if plan.isStopped { return 0 }
      if plan.allowed == 0 { return nil }
      let granted = min(size, plan.allowed)
      plan.allowed -= granted
      plan.isIdle = false
      return granted
    }
  }

  /// Reads some commits, and waits until there is place for them.
  ///
  /// - Returns: Whether there may be more.
  private func readBatch(_ size: Int, _ explorer: TreeExplorer) throws(GitError) -> Bool {
    var steps: [ReadAheadWalk.Step] = []
    var readings = 0
    var failure: GitError?
    do throws(GitError) {
      while readings < size, steps.count < Self.mostSteps, let step = try walk.next(in: explorer.repository) {
        steps.append(read(step, explorer))
        if steps[steps.count - 1].reading != nil { readings += 1 }
      }
    } catch {
      failure = error
    }
    let isStopped = plan.wait { plan -> Bool? in
      if plan.isStopped { return true }
      if plan.batches.count >= Self.mostBatches { return nil }
      if !steps.isEmpty { plan.batches.append(steps) }
      plan.allowed += size - readings
      return false
    }
    if let failure { throw failure }
    return !isStopped && !steps.isEmpty
  }

  /// What cannot be read is left to the other thread, which knows whether it is needed.
  private func read(_ step: CommitWalk.Step, _ explorer: TreeExplorer) -> ReadAheadWalk.Step {
    var result = ReadAheadWalk.Step(walked: step)
    if step.isCutOff || since.map({ step.commit.seconds < $0 }) ?? false { return result }
    guard let trees = try? explorer.flagsTrees(of: step) else { return result }
    result.flagsTrees = trees
    if !trees.compared.isEmpty { result.reading = try? reading(of: step, trees, explorer) }
    return result
  }

  private func reading(
    of step: CommitWalk.Step, _ flagsTrees: FlagsTrees, _ explorer: TreeExplorer
  ) throws(GitError) -> ReadAheadWalk.Reading {
    var trees = ReadTrees(scope: scope)
    if !hasSearched, scope.includesFlags, let tree = flagsTrees.own {
      hasSearched = true
      plan.change { $0.searched = tree }
    }
    for parent in flagsTrees.compared {
      try explorer.read(from: parent, to: flagsTrees.own, within: scope, into: &trees)
    }
    let commit = try explorer.repository.commit(step.commit.id)
    return ReadAheadWalk.Reading(commit: commit, signature: try explorer.signature(of: commit), trees: trees)
  }
}
