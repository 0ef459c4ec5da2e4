internal import Git

/// Tells commits that have nothing to do with a flag from those that may, before anything is read of the flag.
///
/// It is asked about the commits of a walk in their order.
final class WatchedFlag {
  /// Where a commit's flags tree and those of its parents lie, and what of the flag's files differs between them.
  struct Comparison {
    /// Nil where that was not looked for.
    var flagsTrees: FlagsTrees?
    var trees: ReadTrees
  }

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

  /// What is known of a commit in which the flag may differ from each of the parents; nil when it is the same in one of
  /// them, which is enough for the commit not to be listed.
  ///
  /// Where the flag's files lie is handed on from the commit to its parents.
  /// - Parameter findings: of the parents.
  func comparison(
    _ step: CommitWalk.Step, _ findings: [FileWatch.Finding]
  ) throws(GitError) -> Comparison? {
    if step.isCutOff { return nil }
    if step.parents.count != 1 || findings.contains(where: \.isDifference) { handOn() }
    var trees = ReadTrees(scope: scope)
    if step.parents.isEmpty, let own = try explorer.flagsTree(in: step.commit.tree) {
      // All that a first commit has is new: what the flag has in it is found sooner than all of that.
      let files = try explorer.files(ofFlag: key, in: own)
      let hasManifest = try explorer.manifestFile(of: own) != nil
      trees.deltas = [(nil, own, TreeDelta(adding: files, ofFlag: key, hasManifest: hasManifest))]
      return Comparison(flagsTrees: FlagsTrees(own: own, parents: []), trees: trees)
    }
    for (parent, finding) in zip(step.parents, findings) {
      switch finding {
      case .same: break
      case .unrelated(let before, let after): follow(from: after, toUnchanged: before)
      case .differs(let files): trees.deltas.append((files.before, files.after, TreeDelta(files, ofFlag: key)))
      case .cameOrWent:
        let (before, after) = try (explorer.flagsTree(in: parent.tree), explorer.flagsTree(in: step.commit.tree))
        trees.deltas.append(
          (before, after, try TreeDelta(from: before, to: after, within: scope, in: explorer.repository)))
      }
    }
    if trees.deltas.count < step.parents.count {
      for (before, after, delta) in trees.deltas { explorer.follow(key, from: after, to: before, by: delta) }
      return nil
    }
    let known = trees.deltas.first.map { FlagsTrees(own: $0.after, parents: trees.deltas.map(\.before)) }
    return Comparison(flagsTrees: known, trees: trees)
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

extension FileWatch.Finding {
  /// Whether the commit may be listed for it.
  fileprivate var isDifference: Bool {
    switch self {
    case .same, .unrelated: false
    case .differs, .cameOrWent: true
    }
  }
}
