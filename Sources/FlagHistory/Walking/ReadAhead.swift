internal import FlagSource
internal import Git

/// A thread that walks, reads, and helps to compare what it has read.
///
/// Comparing takes longer than reading. So the thread stays some commits ahead of the one that asks for them, and then
/// compares the last of those, as the other one does with the first.
final class ReadAhead: @unchecked Sendable {
  // Unchecked: what is not constant is touched by the thread alone, or is in the monitor.
  private let plan: Monitor<Plan>
  private var walk: CommitWalk
  private let location: RepositoryLocation
  private let folder: String
  private let scope: HistoryScope
  private let filter: FlagLog.Filter
  private let cache: HistoryCache?
  private let shared: SharedFolders
  private var hasSearched = false
  private var thread: JoinedThread?
  /// What the thread has read with, and whoever has this value gives up: not the thread, whose end is waited for.
  private var explorer: TreeExplorer?

  fileprivate struct Plan {
    /// What was read and is not asked for yet, in order.
    var pieces: [Piece] = []
    /// How many pieces were there before the first of ``pieces``.
    var given = 0
    /// How many more commits may be read that are listed, or have something to compare.
    var allowed: Int
    /// Whether the thread reads.
    var isReading = false
    /// Whether all was walked.
    var isWalked = false
    /// What ended the walk behind ``pieces``.
    var failure: GitError?
    var isStopped = false
    /// The first flags tree whose folders are searched: most of what the first commits take.
    var searched: ObjectID?
  }

  /// Commits that follow each other, of which only the last one may have something to compare.
  fileprivate struct Piece {
    var steps: [ReadAheadWalk.Step] = []
    var state = State.settled

    enum State {
      /// Nothing is to be compared, or all is.
      case settled
      /// There is something to compare.
      case read
      /// The thread compares it.
      case taken
    }
  }

  private static let mostSteps = 512
  /// So many pieces are read that nobody compares yet, before the thread compares one.
  fileprivate static let lead = 6
  fileprivate static let mostPieces = 64

  /// Starts the thread; nil when the system has none left.
  init?(
    _ walk: CommitWalk, expecting expected: Int, within scope: HistoryScope, filter: FlagLog.Filter,
    cache: HistoryCache?, _ explorer: TreeExplorer
  ) {
    plan = Monitor(Plan(allowed: expected))
    self.walk = walk
    self.scope = scope
    self.filter = filter
    self.cache = cache
    location = RepositoryLocation(of: explorer.repository)
    folder = explorer.folder
    shared = explorer.shared
    // Before the thread has a heap.
    LargePages.prepareHeaps()
    guard let thread = JoinedThread({ self.run() }) else { return nil }
    self.thread = thread
  }

  /// Ends the thread.
  func end() {
    plan.change { $0.isStopped = true }
    thread?.join()
  }

  fileprivate enum Turn {
    case take([ReadAheadWalk.Step])
    case beginSharing(foldersOf: ObjectID)
    case share
    case askForMore
    case end(GitError?)
  }

  /// The next commits, empty after the last one; while it waits for them, the caller reads what the thread will need.
  func next(_ explorer: TreeExplorer) throws(GitError) -> [ReadAheadWalk.Step] {
    while true {
      let canShare = !explorer.unshared.isEmpty
      switch plan.wait(for: { $0.turn(canShare: canShare) }) {
      case .take(let steps):
        if steps.contains(where: { $0.outcome == nil }) { explorer.prepareHeap() }
        return steps
      // What cannot be read is an error where it is needed.
      case .beginSharing(let tree):
        explorer.prepareHeap()
        try? explorer.beginSharing(foldersOf: tree)
      case .share: try? explorer.shareNext()
      case .askForMore: break
      case .end(let failure):
        if let failure { throw failure }
        return []
      }
    }
  }

  // MARK: The thread

  fileprivate enum Task {
    case read(most: Int)
    case compare(ReadAheadWalk.Step, number: Int)
    case end
  }

  private func run() {
    do throws(GitError) {
      let explorer = TreeExplorer(try location.open(), folder: folder, shared)
      explorer.isSharing = true
      self.explorer = explorer
      let comparison = CommitComparison(explorer, within: scope, cache: cache)
      while true {
        switch plan.wait(for: { $0.task() }) {
        case .read(let most): read(most, comparison)
        case .compare(let step, let number):
          explorer.take(step.reading?.trees ?? ReadTrees())
          // What fails, fails again where it is asked for.
          let outcome = try? comparison.outcome(of: step)
          plan.change { $0.settle(number, outcome) }
        case .end: return
        }
      }
    } catch {
      plan.change { plan in
        plan.failure = error
        plan.isWalked = true
      }
    }
  }

  /// Reads the next piece.
  ///
  /// - Parameter most: how many of its commits may be listed.
  private func read(_ most: Int, _ comparison: CommitComparison) {
    var piece = Piece()
    var listed = 0
    var failure: GitError?
    var isWalked = false
    do throws(GitError) {
      while piece.state == .settled, piece.steps.count < Self.mostSteps, listed < most {
        guard let walked = try walk.next(in: comparison.explorer.repository) else {
          isWalked = true
          break
        }
        let step = read(walked, comparison)
        piece.steps.append(step)
        if step.reading != nil { piece.state = .read }
        if step.reading != nil || step.outcome?.isListed == true { listed += 1 }
      }
    } catch {
      failure = error
    }
    plan.change { plan in
      plan.isReading = false
      plan.allowed -= listed
      if !piece.steps.isEmpty { plan.pieces.append(piece) }
      plan.isWalked = isWalked || failure != nil
      plan.failure = failure
    }
  }

  /// What cannot be read is left to the other thread, which knows whether it is needed.
  private func read(_ step: CommitWalk.Step, _ comparison: CommitComparison) -> ReadAheadWalk.Step {
    let explorer = comparison.explorer
    var result = ReadAheadWalk.Step(walked: step)
    if step.isCutOff || filter.since.map({ step.commit.seconds < $0 }) ?? false { return result }
    result.outcome = try? comparison.remembered(result)
    if result.outcome != nil { return result }
    explorer.prepareHeap()
    guard let trees = try? explorer.flagsTrees(of: step) else { return result }
    result.flagsTrees = trees
    if trees.compared.isEmpty {
      result.outcome = .untouched
    } else {
      result.reading = try? reading(of: step, trees, explorer)
    }
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

extension ReadAhead.Plan {
  /// What the thread that asks for commits does next; nil: it waits.
  ///
  /// - Parameter canShare: whether it can read folders for the other one.
  fileprivate mutating func turn(canShare: Bool) -> ReadAhead.Turn? {
    var count = pieces.prefix { $0.state == .settled }.count
    if count == 0, pieces.first?.state == .read { count = 1 }
    if count > 0 {
      defer {
        pieces.removeFirst(count)
        given += count
      }
      return .take(pieces[..<count].flatMap(\.steps))
    }
    if let tree = searched {
      searched = nil
      return .beginSharing(foldersOf: tree)
    }
    if pieces.isEmpty, isWalked { return .end(failure) }
    if canShare { return .share }
    guard pieces.isEmpty, allowed <= 0, !isReading else { return nil }
    // Not all that was expected is listed. It is a turn of its own, so that the other thread hears of it.
    allowed = ReadAhead.lead
    return .askForMore
  }

  /// What the thread that reads ahead does next; nil: it waits.
  fileprivate mutating func task() -> ReadAhead.Task? {
    if isStopped { return .end }
    let open = pieces.count { $0.state == .read }
    if open < ReadAhead.lead, pieces.count < ReadAhead.mostPieces, allowed > 0, !isWalked {
      isReading = true
      return .read(most: min(allowed, ReadAhead.lead))
    }
    // The first one is for the other thread.
    if open > 1, let index = pieces.lastIndex(where: { $0.state == .read }), let step = pieces[index].steps.last {
      pieces[index].state = .taken
      return .compare(step, number: given + index)
    }
    return isWalked ? .end : nil
  }

  /// Notes what a piece's last commit changed.
  fileprivate mutating func settle(_ number: Int, _ outcome: CommitOutcome?) {
    let piece = number - given
    pieces[piece].state = .settled
    pieces[piece].steps[pieces[piece].steps.count - 1].outcome = outcome
  }
}
