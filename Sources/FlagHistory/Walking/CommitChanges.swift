package import Git

/// A commit with what it changed.
package struct CommitChanges {
  package var commit: Commit
  /// Against the first parent, or of a first commit against nothing.
  package var changes: [SemanticChange]
  /// What its signature is worth.
  package var signature: CommitSignature
  /// Whether the history is cut off here (a shallow clone), so that nobody knows what the commit changed.
  package var isCutOff: Bool

  /// What one commit changed, which may be nothing.
  package init(of id: ObjectID, _ explorer: TreeExplorer, within scope: HistoryScope) throws(GitError) {
    commit = try explorer.repository.commit(id)
    signature = try explorer.signature(of: commit)
    let boundary = try explorer.repository.shallowBoundary()
    isCutOff = !commit.parents.isEmpty && boundary.contains(id)
    changes = []
    if isCutOff { return }
    var before: ObjectID?
    if let parent = commit.parents.first {
      before = try explorer.flagsTree(in: explorer.repository.header(ofCommit: parent).tree)
    }
    changes = try ChangeFinder(explorer, within: scope).changes(from: before, to: explorer.flagsTree(in: commit.tree))
  }

  init(commit: Commit, changes: [SemanticChange], signature: CommitSignature) {
    self.commit = commit
    self.changes = changes
    self.signature = signature
    isCutOff = false
  }
}
