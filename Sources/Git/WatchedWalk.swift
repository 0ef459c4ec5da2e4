/// A walk that says of each commit whether files that are watched may differ from those of its parents.
///
/// A long one is done by two threads: another one walks ahead, and both compare what was walked. Nothing of the order or
/// of the errors depends on that. It belongs to the thread that made it.
public final class WatchedWalk {
  /// A commit with those before it.
  public struct Step: Sendable {
    /// The commit.
    public var walked: CommitWalk.Step
    /// What is known of the files, of each parent in order.
    public var findings: ShortList<FileWatch.Finding>
  }

  private let watch: FileWatch
  private var walk: CommitWalk
  /// How many commits this thread still takes before another one helps.
  private var alone: Int
  private let greatestBatch: Int
  private var ahead: WalkAhead?
  /// What another thread has walked, and how much of it was returned.
  private var batch: [Step] = []
  private var returned = 0
  /// What ends the walk behind ``batch``.
  private var failure: GitError?

  /// - Parameters:
  ///   - id: the newest commit.
  ///   - alone: after how many commits another thread helps: starting one takes as long as a few dozen of them.
  ///   - greatestBatch: how many commits, at least 1, the threads give each other at once.
  public init(
    from id: ObjectID, watching watch: FileWatch, in repository: borrowing Repository, alone: Int = 200,
    greatestBatch: Int = 1024
  ) throws(GitError) {
    self.watch = watch
    self.alone = alone
    self.greatestBatch = greatestBatch
    walk = try CommitWalk(from: id, in: repository)
  }

  deinit { ahead?.end() }

  /// The next commit, nil after the last one.
  ///
  /// - Parameter repository: the same each time.
  public func next(in repository: borrowing Repository) throws(GitError) -> Step? {
    if returned < batch.count {
      defer { returned += 1 }
      return batch[returned]
    }
    if let failure { throw failure }
    if ahead == nil, alone <= 0 {
      ahead = WalkAhead(walk, watch, greatestBatch: greatestBatch, in: repository)
      if ahead == nil { alone = .max }
    }
    guard let ahead else {
      alone -= 1
      guard let step = try walk.next(in: repository) else { return nil }
      var steps = [Step(walked: step, findings: [])]
      try watch.find(in: &steps, 0..<1, walk.graph, in: repository)
      return steps[0]
    }
    guard let next = ahead.next(in: repository) else { return nil }
    (batch, returned, failure) = (next.steps, 0, next.failure)
    return try self.next(in: repository)
  }
}

extension FileWatch {
  /// Notes what is known of the parents of some commits.
  fileprivate func find(
    in steps: inout [WatchedWalk.Step], _ range: Range<Int>, _ graph: CommitGraph?, in repository: borrowing Repository
  ) throws(GitError) {
    var pairs: [Pair] = []
    pairs.reserveCapacity(range.count)
    for index in range {
      let walked = steps[index].walked
      for (number, parent) in walked.parentTrees.enumerated() {
        let changed = number == 0 ? walked.position.flatMap { graph?.changedPaths(at: $0) } : nil
        pairs.append(Pair(before: parent, after: walked.commit.tree, changed: changed))
      }
    }
    var findings = try compare(pairs, in: repository)[...]
    for index in range {
      let count = steps[index].walked.parentTrees.count
      steps[index].findings = ShortList(findings.prefix(count))
      findings.removeFirst(count)
    }
  }
}

/// A thread that walks ahead of another one, and compares what that one has no time for.
private final class WalkAhead: @unchecked Sendable {
  // Unchecked: what is not constant is touched by the thread alone, or is in the monitor.
  private let plan = Monitor(Plan())
  /// What the caller compares with; the thread has its own.
  private let watch: FileWatch
  private let graph: CommitGraph?
  private var walk: CommitWalk
  private let location: RepositoryLocation
  private let greatestBatch: Int
  private var thread: JoinedThread?

  private struct Plan {
    /// What was walked and is not taken yet, in order.
    var batches: [Batch] = []
    /// Whether there will be no more of them.
    var isWalked = false
    var isStopped = false

    /// The batches that nobody compares yet.
    var open: [Batch] { batches.filter { $0.state == .walked } }
  }

  /// Some commits that follow each other.
  final class Batch {
    enum State { case walked, claimed, compared }

    /// The monitor guards it; what else there is belongs to whom it says.
    var state = State.walked
    var steps: [WatchedWalk.Step] = []
    /// What ended the walk behind the steps.
    var failure: GitError?
  }

  private static let mostBatches = 6

  /// Starts the thread; nil when the system has none left.
  init?(_ walk: CommitWalk, _ watch: FileWatch, greatestBatch: Int, in repository: borrowing Repository) {
    self.watch = watch
    self.greatestBatch = greatestBatch
    self.walk = walk
    location = RepositoryLocation(of: repository)
    graph = walk.graph.map { CommitGraph(sharing: $0) }
    guard let thread = JoinedThread({ self.run() }) else { return nil }
    self.thread = thread
  }

  /// Ends the thread.
  func end() {
    plan.change { $0.isStopped = true }
    thread?.join()
  }

  /// The next batch, nil behind the last one; the caller compares, too, while it waits.
  func next(in repository: borrowing Repository) -> Batch? {
    while true {
      switch plan.wait(for: Self.turn) {
      case .take(let batch): return batch
      case .compare(let batch): compare(batch, watch, graph, in: repository)
      case .end: return nil
      }
    }
  }

  private enum Turn {
    case take(Batch)
    case compare(Batch)
    case end
  }

  /// What the caller of ``next(in:)`` does; nil for waiting.
  private static func turn(_ plan: inout Plan) -> Turn? {
    guard let first = plan.batches.first else { return plan.isWalked ? .end : nil }
    if first.state == .compared {
      plan.batches.removeFirst()
      return .take(first)
    }
    guard let batch = plan.open.first else { return nil }
    batch.state = .claimed
    return .compare(batch)
  }

  // MARK: The thread

  private enum Task {
    case walk
    case compare(Batch)
    case stop
  }

  private func run() {
    do throws(GitError) {
      let repository = try location.open()
      let watch = FileWatch(forAnotherThread: watch)
      let graph = walk.graph
      var size = min(64, greatestBatch)
      while true {
        switch plan.wait(for: Self.task) {
        case .walk:
          append(walked(size, in: repository))
          size = min(2 * size, greatestBatch)
        case .compare(let batch): compare(batch, watch, graph, in: repository)
        case .stop: return
        }
      }
    } catch {
      let batch = Batch()
      batch.failure = error
      append(batch)
    }
  }

  /// What the thread does next: it keeps a batch ready for the other one, and compares when there are two.
  private static func task(_ plan: inout Plan) -> Task? {
    let open = plan.open
    if plan.isStopped || plan.isWalked && open.isEmpty { return .stop }
    if !plan.isWalked, open.count < 2, plan.batches.count < mostBatches { return .walk }
    guard let batch = open.last else { return nil }
    batch.state = .claimed
    return .compare(batch)
  }

  private func walked(_ size: Int, in repository: borrowing Repository) -> Batch {
    let batch = Batch()
    batch.steps.reserveCapacity(size)
    do throws(GitError) {
      while batch.steps.count < size, let step = try walk.next(in: repository) {
        batch.steps.append(WatchedWalk.Step(walked: step, findings: []))
      }
    } catch {
      batch.failure = error
    }
    return batch
  }

  private func append(_ batch: Batch) {
    plan.change { plan in
      if batch.steps.isEmpty || batch.failure != nil { plan.isWalked = true }
      if !batch.steps.isEmpty || batch.failure != nil { plan.batches.append(batch) }
    }
  }

  private func compare(
    _ batch: Batch, _ watch: FileWatch, _ graph: CommitGraph?, in repository: borrowing Repository
  ) {
    for start in stride(from: 0, to: batch.steps.count, by: Self.together) {
      let group = start..<min(start + Self.together, batch.steps.count)
      if (try? watch.find(in: &batch.steps, group, graph, in: repository)) != nil { continue }
      // One after the other, to know where it fails.
      if let (failed, error) = failure(in: batch, group, watch, graph, in: repository) {
        batch.failure = error
        batch.steps.removeSubrange(failed...)
        break
      }
    }
    plan.change { _ in batch.state = .compared }
  }

  /// How many commits are compared together.
  private static let together = 32

  private func failure(
    in batch: Batch, _ group: Range<Int>, _ watch: FileWatch, _ graph: CommitGraph?, in repository: borrowing Repository
  ) -> (Int, GitError)? {
    for index in group {
      do throws(GitError) {
        try watch.find(in: &batch.steps, index..<index + 1, graph, in: repository)
      } catch {
        return (index, error)
      }
    }
    return nil
  }
}
