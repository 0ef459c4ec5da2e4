package import FlagHistory
package import Git

/// A commit of a change, as policies ask about it.
package struct ReviewedCommit: Sendable {
  /// The commit's facts.
  package var commit: Commit
  /// The environments whose flags it changes; all of them when it changes what they share.
  package var environments: Environments
  /// What its signature is worth.
  package var signature: CommitSignature

  package init(commit: Commit, environments: Environments, signature: CommitSignature) {
    self.commit = commit
    self.environments = environments
    self.signature = signature
  }

  /// Some environments, or all.
  package enum Environments: Hashable, Sendable {
    case all
    case some(Set<String>)

    /// Whether it is one of them.
    package func contains(_ environment: String) -> Bool {
      switch self {
      case .all: true
      case .some(let names): names.contains(environment)
      }
    }

    /// Those that are among both.
    func intersection(_ other: Environments) -> Environments {
      switch (self, other) {
      case (.all, _): other
      case (_, .all): self
      case (.some(let left), .some(let right)): .some(left.intersection(right))
      }
    }
  }

  /// The commits from `head` back that are not in the history of `base`, newest first.
  ///
  /// A commit changes an environment by its files; a merge, by what it has as none of its parents has it.
  package static func commits(
    from head: ObjectID, notIn base: ObjectID, _ explorer: TreeExplorer
  ) throws(GitError) -> [ReviewedCommit] {
    var commits: [ReviewedCommit] = []
    for header in try explorer.repository.commits(from: head, notIn: base) {
      let commit = try explorer.repository.commit(header.id)
      commits.append(
        ReviewedCommit(
          commit: commit, environments: try environments(changedBy: commit, explorer),
          signature: try explorer.signature(of: commit)))
    }
    return commits
  }

  private static func environments(changedBy commit: Commit, _ explorer: TreeExplorer) throws(GitError) -> Environments
  {
    var common: Environments?
    for parent in commit.parents {
      let tree = try explorer.repository.header(ofCommit: parent).tree
      let changed = try environments(from: tree, to: commit.tree, explorer)
      common = common?.intersection(changed) ?? changed
    }
    return common ?? .all
  }

  /// The environments whose flags may mean something else in another tree of the repository.
  private static func environments(
    from before: ObjectID, to after: ObjectID, _ explorer: TreeExplorer
  ) throws(GitError) -> Environments {
    // Whose signatures count is part of what policies rest on.
    let signers = (
      try explorer.repository.entry(at: AllowedSigners.path, inTree: before),
      try explorer.repository.entry(at: AllowedSigners.path, inTree: after)
    )
    if signers.0?.id != signers.1?.id { return .all }
    var names: Set<String> = []
    for difference in try explorer.repository.differences(
      of: explorer.flagsTree(in: before), explorer.flagsTree(in: after))
    {
      switch difference.name {
      case "tests": break
      case "environments":
        let inner = try explorer.repository.differences(of: difference.before?.id, difference.after?.id)
        names.formUnion(inner.map(\.name))
      default: return .all
      }
    }
    return .some(names)
  }
}
