internal import Git

/// Tells what a commit that was walked to has changed, if it is one that is listed.
///
/// It belongs to the thread of its explorer; what it tells depends on the commit alone.
struct CommitComparison {
  let explorer: TreeExplorer
  private let finder: ChangeFinder
  private let filter: FlagLog.Filter

  init(_ explorer: TreeExplorer, within scope: HistoryScope, filter: FlagLog.Filter) {
    self.explorer = explorer
    self.filter = filter
    finder = ChangeFinder(explorer, within: scope)
  }

  /// What the commit changed; nil when it is not listed.
  func changes(of step: ReadAheadWalk.Step) throws(GitError) -> CommitChanges? {
    explorer.take(step.reading?.trees ?? ReadTrees())
    let trees = if let known = step.flagsTrees { known } else { try explorer.flagsTrees(of: step.walked) }
    var compared = trees.compared[...]
    guard let first = compared.popFirst() else { return nil }
    let changes = try finder.changes(from: first, to: trees.own)
    if changes.isEmpty { return nil }
    for parent in compared where try finder.changes(from: parent, to: trees.own).isEmpty { return nil }
    let header = step.walked.commit
    let commit = if let known = step.reading?.commit { known } else { try explorer.repository.commit(header.id) }
    guard commit.tree == header.tree, commit.parents == header.parents else {
      throw GitError.wrongCommitGraph(commit.id)
    }
    if let author = filter.author, !commit.author.matches(author) { return nil }
    let signature = if let known = step.reading?.signature { known } else { try explorer.signature(of: commit) }
    return CommitChanges(commit: commit, changes: changes, signature: signature)
  }
}
