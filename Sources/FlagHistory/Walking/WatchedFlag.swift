internal import Git

/// Tells commits that have nothing to do with a flag from those that may, before anything is read of the flag.
///
/// It is asked about the commits of a walk in their order.
final class WatchedFlag {
  private let key: String
  private let scope: HistoryScope
  /// Two flags trees between which nothing of the flag differs, the newer one first, with many others in between: which
  /// files the flag has is known of the newer one, if of any, and handed on to the older one when somebody may ask.
  private var same: (newer: ObjectID, older: ObjectID)?
  private let explorer: TreeExplorer

  /// - Parameter scope: what the history is asked about; nil comes of anything but a flag.
  init?(_ scope: HistoryScope, _ explorer: TreeExplorer) {
    guard let key = scope.flag, !scope.includesSegments else { return nil }
    self.key = key
    self.scope = scope
    self.explorer = explorer
  }

  /// The files that the flag is made of.
  var watch: FileWatch {
    FileWatch(
      in: explorer.folder, topFiles: ["ensign.yaml"], file: key + ".yaml", below: ["definitions", "environments"])
  }

  /// The flags trees of a commit in which the flag may differ from each of the parents; nil when it is the same in one of
  /// them, which is enough for the commit not to be listed.
  ///
  /// What of the flag's files differs between them is left to the explorer, and where the files lie is handed on from the
  /// commit to its parents.
  /// - Parameter findings: of the parents.
  func flagsTrees(of step: CommitWalk.Step, _ findings: ShortList<FileWatch.Finding>) throws(GitError) -> FlagsTrees? {
    if step.isCutOff { return nil }
    if findings.count == 1 {
      switch findings[0] {
      case .same: return nil
      case .unrelated(let before, let after):
        follow(from: after, toUnchanged: before)
        return nil
      case .differs, .cameOrWent: break
      }
    }
    handOn()
    if step.parentTrees.isEmpty { return try flagsTrees(ofFirst: step.commit) }
    var trees = ReadTrees(scope: scope)
    for (parent, finding) in zip(step.parentTrees, findings) {
      switch finding {
      case .same: break
      case .unrelated(let before, let after): explorer.follow(key, from: after, toUnchanged: before)
      case .differs(let files): trees.deltas.append((files.before, files.after, TreeDelta(files, ofFlag: key)))
      case .cameOrWent:
        let (before, after) = try (explorer.flagsTree(in: parent), explorer.flagsTree(in: step.commit.tree))
        trees.deltas.append(
          (before, after, try TreeDelta(from: before, to: after, within: scope, in: explorer.repository)))
      }
    }
    if trees.deltas.count < step.parentTrees.count {
      for (before, after, delta) in trees.deltas { explorer.follow(key, from: after, to: before, by: delta) }
      return nil
    }
    explorer.take(trees)
    return FlagsTrees(own: trees.deltas.first?.after, parents: trees.deltas.map(\.before))
  }

  /// All that a first commit has is new: what the flag has in it is found sooner than all of that.
  private func flagsTrees(ofFirst commit: CommitHeader) throws(GitError) -> FlagsTrees {
    let own = try explorer.flagsTree(in: commit.tree)
    var trees = ReadTrees(scope: scope)
    if let own {
      let files = try explorer.files(ofFlag: key, in: own)
      let hasManifest = try explorer.manifestFile(of: own) != nil
      trees.deltas = [(nil, own, TreeDelta(adding: files, ofFlag: key, hasManifest: hasManifest))]
    }
    explorer.take(trees)
    return FlagsTrees(own: own, parents: [])
  }

  /// Notes that the flag's files lie in an older tree where they do in a newer one.
  private func follow(from newer: ObjectID, toUnchanged older: ObjectID) {
    if let same, same.older == newer {
      self.same = (same.newer, older)
    } else {
      handOn()
      same = (newer, older)
    }
  }

  private func handOn() {
    if let same { explorer.follow(key, from: same.newer, toUnchanged: same.older) }
    same = nil
  }
}
