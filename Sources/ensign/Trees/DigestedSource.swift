internal import FlagSource

/// A flags tree that was read and checked, of whose configs only what a command needs was kept.
struct DigestedSource<Digest: Sendable> {
  let location: TreeLocation
  let validation: Validation
  /// Nil when there is an error.
  let tree: DigestedTree<Digest>?
}

extension Session {
  /// Reads and checks a whole tree.
  ///
  /// - Parameters:
  ///   - revision: a commit instead of the working tree.
  ///   - digester: makes one for some neighbouring configs; called on several threads.
  func digestedSource<Digester: ConfigDigester>(
    revision: String?, digester: @Sendable () -> Digester
  ) throws(CommandError) -> DigestedSource<Digester.Digest> {
    if let revision {
      let source = try CommitSource(revision, in: self)
      return try digested(source.files, source.location, digester)
    }
    let location = try tree()
    return try digested(WorkingTreeFiles(root: location.root), location, digester)
  }

  private func digested<Digester: ConfigDigester>(
    _ files: some FlagFiles, _ location: TreeLocation, _ digester: @Sendable () -> Digester
  ) throws(CommandError) -> DigestedSource<Digester.Digest> {
    let (validation, tree) = try validation(of: location) { () throws(FileAccessError) in
      try Validation.run(files, digester: digester)
    }
    return DigestedSource(location: location, validation: validation, tree: tree)
  }
}
