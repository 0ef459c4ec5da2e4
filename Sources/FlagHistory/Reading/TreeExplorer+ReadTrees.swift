internal import Git

extension TreeExplorer {
  /// What differs between two flags trees.
  func delta(
    from before: ObjectID?, to after: ObjectID?, within scope: HistoryScope
  ) throws(GitError) -> TreeDelta {
    if ahead.scope == scope, let known = ahead.deltas.first(where: { $0.before == before && $0.after == after }) {
      return known.delta
    }
    return try TreeDelta(from: before, to: after, within: scope, in: repository)
  }

  /// Takes over what another explorer of the same repository has read; what that one took over before is forgotten.
  func take(_ trees: ReadTrees) {
    ahead = trees
    for (location, files) in trees.locations { locations.remember(files, for: location) }
    for (tree, file) in trees.manifests { manifestFiles.remember(file, for: tree) }
  }

  /// Reads what the comparison of two different flags trees asks for, to be taken over by another explorer.
  ///
  /// Of what is rare that one reads for itself: segments, changed manifests, very many flags or bytes at once.
  func read(
    from before: ObjectID?, to after: ObjectID?, within scope: HistoryScope, into trees: inout ReadTrees
  ) throws(GitError) {
    let delta = try TreeDelta(from: before, to: after, within: scope, in: repository)
    // Searching reads the newer ones.
    defer { followFolders(delta) }
    trees.deltas.append((before, after, delta))
    for tree in [before, after].compactMap({ $0 }) { trees.manifests.append((tree, try manifestFile(of: tree))) }
    if delta.hasManifest || delta.flags.count > Self.mostFlagsAhead { return }
    var size = 0
    for key in delta.flags {
      let environments = delta.environments(ofFlag: key)
      for tree in [after, before].compactMap({ $0 }) {
        let files = try files(ofFlag: key, in: tree, only: environments)
        if tree == after { follow(key, from: after, to: before, by: delta, only: environments) }
        let location = Location(key: key, tree: tree, environments: environments)
        trees.locations.append((location, files))
        for file in files where file.isRegular && trees.contents[file.id] == nil {
          let bytes = try bytes(of: file)
          size += bytes.count
          if size > Self.greatestSizeAhead { return }
          trees.contents[file.id] = bytes
        }
      }
    }
  }

  private static var mostFlagsAhead: Int { 32 }
  private static var greatestSizeAhead: Int { 1 << 20 }

  /// Notes that explorers on other threads need the folders of a tree's flags: the definitions first.
  func beginSharing(foldersOf tree: ObjectID) throws(GitError) {
    isSharing = true
    for name in ["environments", "definitions"] {
      if let folder = try subfolder(name, of: tree) { unshared.append(folder) }
    }
  }

  /// Reads one of those folders for them.
  func shareNext() throws(GitError) {
    guard let tree = unshared.popLast() else { return }
    unshared += try contents(of: tree).folders.map(\.id)
    if unshared.isEmpty {
      isSharing = false
      shared.close()
    } else if !isSharing {
      unshared = []
    }
  }
}
