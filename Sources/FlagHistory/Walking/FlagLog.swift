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

  private let comparison: CommitComparison
  private let filter: Filter
  private let walk: Walk

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
  ///   - alone: after how many commits a second thread is used; nil for when it is worth it.
  package init(
    from id: ObjectID, _ explorer: TreeExplorer, within scope: HistoryScope, filter: Filter = Filter(),
    expecting expected: Int = .max, alone: Int? = nil
  ) throws(GitError) {
    self.filter = filter
    comparison = CommitComparison(explorer, within: scope, filter: filter)
    if let flag = WatchedFlag(scope, explorer) {
      let walk = try WatchedWalk(from: id, watching: flag.watch, in: explorer.repository, alone: alone ?? 200)
      self.walk = .watching(flag, walk)
    } else {
      walk = .all(
        try ReadAheadWalk(
          from: id, expecting: max(expected, 1), within: scope, filter: filter, explorer, alone: alone ?? 0))
    }
  }

  /// The next commit that is listed, nil when the history ends.
  ///
  /// - Throws: when an object is missing or damaged; the history never ends early without that.
  package mutating func next() throws(GitError) -> CommitChanges? {
    while let (step, mayBeListed) = try step() {
      let walked = step.walked
      if walked.isCutOff {
        cutOffs.append(walked.commit.id)
        continue
      }
      if let since = filter.since, walked.commit.seconds < since { continue }
      if !mayBeListed { continue }
      if let entry = if case .told(let known) = step.outcome { known } else { try comparison.changes(of: step) } {
        return entry
      }
    }
    return nil
  }

  /// The next commit, and whether it may be one that is listed.
  private func step() throws(GitError) -> (ReadAheadWalk.Step, mayBeListed: Bool)? {
    switch walk {
    case .all(let walk):
      guard let step = try walk.next(comparison.explorer) else { return nil }
      return (step, true)
    case .watching(let flag, let walk):
      guard let step = try walk.next(in: comparison.explorer.repository) else { return nil }
      let trees = try flag.flagsTrees(of: step.walked, step.findings)
      return (ReadAheadWalk.Step(walked: step.walked, flagsTrees: trees), trees != nil)
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
