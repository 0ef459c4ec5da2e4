internal import FlagCompiler
internal import FlagSource

/// A flags tree without an error, from the working folder or from a commit.
struct CheckedSource {
  let location: TreeLocation
  let checked: CheckedTree
  /// The commit that was read, in full; nil for the working tree.
  let commit: String?

  var tree: FlagsTree { checked.tree }

  /// Compiles an environment.
  func compiled(for environment: String) throws(CommandError) -> CompiledEnvironment {
    do throws(CompilationError) {
      return try SnapshotCompiler.compileAndLoad(checked, environment: environment)
    } catch {
      throw .compilation(error)
    }
  }

  /// Compiles every environment in the order of the manifest, or some in theirs, and makes something else of each snapshot
  /// beside the compilation of the next.
  func compiled<Finished: Sendable>(
    for environments: [String]? = nil, finish: @Sendable (CompiledEnvironment) -> Finished
  ) throws(CommandError) -> [Finished] {
    do throws(CompilationError) {
      return try SnapshotCompiler.compileAll(checked, environments: environments, finish: finish)
    } catch {
      throw .compilation(error)
    }
  }

  /// Compiles every environment in the order of the manifest, or some in theirs.
  func compiled(for environments: [String]? = nil) throws(CommandError) -> [CompiledEnvironment] {
    let compiled = try compiled(for: environments) { $0 }
    UntilExit.keep(compiled)
    return compiled
  }
}

extension Session {
  /// Reads and checks a whole tree.
  ///
  /// - Parameter revision: a commit instead of the working tree.
  func validation(revision: String?) throws(CommandError) -> (TreeLocation, Validation, commit: String?) {
    if let revision {
      let source = try CommitSource(revision, in: self)
      return (source.location, try validation(of: source.files, source.location), source.commit)
    }
    let location = try tree()
    return (location, try validation(of: WorkingTreeFiles(root: location.root), location), nil)
  }

  /// Reads and checks the whole tree of some files.
  func validation(of files: some FlagFiles, _ location: TreeLocation) throws(CommandError) -> Validation {
    try validation(of: location) { () throws(FileAccessError) in (try Validation.run(files), ()) }.0
  }

  /// Reads and checks a tree, and tells how long it took.
  ///
  /// - Parameter run: reads and checks.
  func validation<Tree: Sendable>(
    of location: TreeLocation, _ run: () throws(FileAccessError) -> (Validation, Tree)
  ) throws(CommandError) -> (Validation, Tree) {
    do throws(FileAccessError) {
      let start = Clock.monotonic()
      let (validation, tree) = try Progress.during("ensign: reading and checking …", in: self, run)
      detail(
        "read and checked \(Plural.of(validation.files.count, "file")) of \(location.root) in "
          + "\(Int((Clock.monotonic() - start) * 1000)) ms")
      UntilExit.keep((validation, tree))
      return (validation, tree)
    } catch {
      throw .unreadable(error, in: location)
    }
  }

  /// Reads and checks a tree for a command that cannot work with errors in it.
  ///
  /// - Throws: after reporting the errors, as `validate` does, on the messages.
  func checkedSource(revision: String?) throws(CommandError) -> CheckedSource {
    try checkedSource(of: validation(revision: revision))
  }

  /// Reads and checks the tree as it was at a commit, or at a moment in time.
  func checkedSource(at text: String) throws(CommandError) -> CheckedSource {
    let found = try FoundRepository(in: self)
    let source = try CommitSource(found.commit(at: text), of: found)
    detail("\(text) is the commit \(source.commit) of \(found.top)")
    return try checkedSource(of: (source.location, validation(of: source.files, source.location), source.commit))
  }

  /// The tree of a validation, for a command that cannot work with errors in it.
  func checkedSource(
    of source: (TreeLocation, Validation, commit: String?)
  ) throws(CommandError) -> CheckedSource {
    let (location, validation, commit) = source
    guard let checked = validation.checked else { throw refused(validation, location) }
    return CheckedSource(location: location, checked: checked, commit: commit)
  }

  /// Reports the errors of a tree, as `validate` does, on the messages.
  ///
  /// - Returns: why the command does not go on.
  func refused(_ validation: Validation, _ location: TreeLocation) -> CommandError {
    var report = Report(validation, prefix: location.pathPrefix, isColored: messageStyle.isColored)
    report.findings.removeAll { $0.level != .error }
    console.messages.write(ReportFormat.text.render(report))
    return .refused("the tree has errors; \(command.name) needs one without")
  }
}

extension CommandError {
  /// An environment that cannot be compiled.
  static func compilation(_ error: CompilationError) -> Self {
    let status: CommandStatus = error.code == .unknownEnvironment ? .unusable : .findings
    return Self(status: status, message: error.message, help: [error.help])
  }
}
