internal import Git

/// Tells what a commit that was walked to has changed.
///
/// It belongs to the thread of its explorer; what it tells depends on the commit alone.
struct CommitComparison {
  let explorer: TreeExplorer
  private let finder: ChangeFinder
  private let cache: HistoryCache?

  init(_ explorer: TreeExplorer, within scope: HistoryScope, cache: HistoryCache?) {
    self.explorer = explorer
    self.cache = cache
    finder = ChangeFinder(explorer, within: scope)
  }

  /// What the commit changed, as it is remembered; nil when it is not.
  func remembered(_ step: ReadAheadWalk.Step) throws(GitError) -> CommitOutcome? {
    guard let changes = cache?.changes(of: step.walked.commit.id) else { return nil }
    if changes.isEmpty { return .unchanged(isRemembered: true) }
    return .changed(try entry(of: step, changes), isRemembered: true)
  }

  /// What the commit changed; what was read of it, the explorer has taken over.
  func outcome(of step: ReadAheadWalk.Step) throws(GitError) -> CommitOutcome {
    let trees = if let known = step.flagsTrees { known } else { try explorer.flagsTrees(of: step.walked) }
    var compared = trees.compared[...]
    guard let first = compared.popFirst() else { return .untouched }
    let changes = try finder.changes(from: first, to: trees.own)
    if changes.isEmpty { return .unchanged(isRemembered: false) }
    for parent in compared where try finder.changes(from: parent, to: trees.own).isEmpty {
      return .unchanged(isRemembered: false)
    }
    return .changed(try entry(of: step, changes), isRemembered: false)
  }

  private func entry(of step: ReadAheadWalk.Step, _ changes: [SemanticChange]) throws(GitError) -> CommitChanges {
    let header = step.walked.commit
    let commit = if let known = step.reading?.commit { known } else { try explorer.repository.commit(header.id) }
    guard commit.tree == header.tree, header.parents.elementsEqual(commit.parents) else {
      throw GitError.wrongCommitGraph(commit.id)
    }
    let signature = if let known = step.reading?.signature { known } else { try explorer.signature(of: commit) }
    return CommitChanges(commit: commit, changes: changes, signature: signature)
  }
}
