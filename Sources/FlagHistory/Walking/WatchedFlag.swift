internal import Git

/// Tells commits that have nothing to do with a flag from those that may, before anything is read of the flag.
struct WatchedFlag {
  private let key: String
  private let explorer: TreeExplorer
  private let watch: FileWatch

  init(_ key: String, _ explorer: TreeExplorer) {
    self.key = key
    self.explorer = explorer
    watch = FileWatch(
      in: explorer.folder, topFiles: ["ensign.yaml"], file: key + ".yaml", below: ["definitions", "environments"])
  }

  /// Whether the flag may differ between a commit and each of its parents: one that it is the same in is enough for the
  /// commit not to be listed.
  ///
  /// Where the flag's files lie is handed on from the commit to its parents.
  func mayDiffer(_ step: CommitWalk.Step) throws(GitError) -> Bool {
    var different: [CommitHeader] = []
    for parent in step.parents {
      switch try watch.compare(parent.tree, step.commit.tree, in: explorer.repository) {
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
