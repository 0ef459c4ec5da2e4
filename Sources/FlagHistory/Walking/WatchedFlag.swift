internal import Git

/// Tells commits that have nothing to do with a flag from those that may, before anything is read of the flag.
struct WatchedFlag {
  private let key: String
  private let explorer: TreeExplorer

  init(_ key: String, _ explorer: TreeExplorer) {
    self.key = key
    self.explorer = explorer
  }

  /// The files that the flag is made of.
  var watch: FileWatch {
    FileWatch(
      in: explorer.folder, topFiles: ["ensign.yaml"], file: key + ".yaml", below: ["definitions", "environments"])
  }

  /// Whether the flag may differ between a commit and each of its parents: one that it is the same in is enough for the
  /// commit not to be listed.
  ///
  /// Where the flag's files lie is handed on from the commit to its parents.
  /// - Parameter findings: of the parents.
  func mayDiffer(_ step: CommitWalk.Step, _ findings: [FileWatch.Finding]) throws(GitError) -> Bool {
    var different: [CommitHeader] = []
    for (parent, finding) in zip(step.parents, findings) {
      switch finding {
      case .same: break
      case .unrelated(let before, let after): explorer.follow(key, from: after, toUnchanged: before)
      case .mayDiffer: different.append(parent)
      }
    }
    if different.count == step.parents.count { return true }
    for parent in different {
      let (before, after) = try (explorer.flagsTree(in: parent.tree), explorer.flagsTree(in: step.commit.tree))
      let delta = try TreeDelta(from: before, to: after, within: HistoryScope(flag: key), in: explorer.repository)
      explorer.follow(key, from: after, to: before, by: delta)
    }
    return false
  }
}
