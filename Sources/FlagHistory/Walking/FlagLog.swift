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

  /// Why what was found out cannot be kept; nil while it can, or nothing was.
  package private(set) var cacheFailure: HistoryCacheError?

  private let comparison: CommitComparison
  private let filter: Filter
  private let walk: Walk
  private var recorder: HistoryRecorder?

  private enum Walk {
    case all(ReadAheadWalk)
    case watching(WatchedFlag, WatchedWalk)
  }

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
  ///   - expected: how many commits will be asked for as a rule, at least one: no more are prepared.
  ///   - cache: what was found out before about this scope; see ``finish()``. It is not used for one flag or segment,
  ///     whose files tell as fast.
  ///   - alone: after how many commits a second thread is used; nil for when it is worth it.
  package init(
    from id: ObjectID, _ explorer: TreeExplorer, within scope: HistoryScope, filter: Filter = Filter(),
    expecting expected: Int = .max, cache: HistoryCache? = nil, alone: Int? = nil
  ) throws(GitError) {
    self.filter = filter
    let cache = scope.flag == nil && scope.segment == nil ? cache : nil
    recorder = cache.map { HistoryRecorder($0) }
    comparison = CommitComparison(explorer, within: scope, cache: cache)
    if let flag = WatchedFlag(scope, explorer) {
      let walk = try WatchedWalk(from: id, watching: flag.watch, in: explorer.repository, alone: alone ?? 200)
      self.walk = .watching(flag, walk)
    } else {
      walk = .all(
        try ReadAheadWalk(
          from: id, expecting: max(expected, 1), within: scope, filter: filter, cache: cache, explorer,
          alone: alone ?? 0))
    }
  }

  /// The next commit that is listed, nil when the history ends.
  ///
  /// - Throws: when an object is missing or damaged; the history never ends early without that.
  package mutating func next() throws(GitError) -> CommitChanges? {
    while let step = try step() {
      let walked = step.walked
      if walked.isCutOff {
        cutOffs.append(walked.commit.id)
        continue
      }
      if let since = filter.since, walked.commit.seconds < since { continue }
      if let entry = try entry(of: step) { return entry }
    }
    return nil
  }

  /// Keeps what was found out for the next log.
  package mutating func finish() { write() }

  private mutating func entry(of step: ReadAheadWalk.Step) throws(GitError) -> CommitChanges? {
    let outcome = if let known = try known(step) { known } else { try comparison.outcome(of: step) }
    switch outcome {
    case .untouched: return nil
    case .unchanged(let isRemembered):
      if !isRemembered { record(step.walked.commit.id, []) }
      return nil
    case .changed(let entry, let isRemembered):
      if !isRemembered { record(entry.commit.id, entry.changes) }
      if let author = filter.author, !entry.commit.author.matches(author) { return nil }
      return entry
    }
  }

  /// What another thread has found out, or is remembered.
  private func known(_ step: ReadAheadWalk.Step) throws(GitError) -> CommitOutcome? {
    if let outcome = step.outcome { return outcome }
    return step.reading == nil ? try comparison.remembered(step) : nil
  }

  private mutating func record(_ commit: ObjectID, _ changes: [SemanticChange]) {
    if recorder?.add(commit, changes) == true { write() }
  }

  private mutating func write() {
    do throws(HistoryCacheError) {
      try recorder?.write()
    } catch {
      // Once is enough.
      cacheFailure = error
      recorder = nil
    }
  }

  /// The next commit that may be listed or whose history is cut off; what was read of it is left to the explorer.
  private func step() throws(GitError) -> ReadAheadWalk.Step? {
    switch walk {
    case .all(let walk):
      guard let step = try walk.next(comparison.explorer) else { return nil }
      comparison.explorer.take(step.reading?.trees ?? ReadTrees())
      return step
    case .watching(let flag, let walk):
      while let step = try walk.next(in: comparison.explorer.repository) {
        let trees = try flag.flagsTrees(of: step.walked, step.findings)
        if trees != nil || step.walked.isCutOff { return ReadAheadWalk.Step(walked: step.walked, flagsTrees: trees) }
      }
      return nil
    }
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
