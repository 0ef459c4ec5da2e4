internal import Ensign
package import FlagSource
internal import Synchronization

/// Turns a checked flags tree into snapshots, one per environment.
///
/// A pure function of tree and environment: no time, no path, no order of a hash table reaches the bytes, so that the
/// same tree gives the same bytes on any machine, on any day.
package enum SnapshotCompiler {
  /// The format that is written.
  static let format = 1
  /// The oldest reader that understands what is written.
  package static let minimumReader = 1

  /// The canonical bytes (RFC 8785) of the environment's snapshot.
  ///
  /// - Throws: ``CompilationError`` when the manifest has no such environment, or the runtime library would not load
  ///   the result.
  package static func compile(_ tree: CheckedTree, environment: String) throws(CompilationError) -> [UInt8] {
    try compileAndLoad(tree, environment: environment).bytes
  }

  /// The snapshot of the environment, proven to load: the limits of a snapshot are those of its reader.
  package static func compileAndLoad(
    _ tree: CheckedTree, environment: String
  ) throws(CompilationError) -> CompiledEnvironment {
    let compiled = try compileAll(tree, environments: [environment])
    // There is one for each that was asked for.
    return compiled[0]
  }

  /// The snapshots of all environments in the manifest's order, or of some in theirs, made on all cores.
  ///
  /// - Throws: the ``CompilationError`` of the first environment that has one.
  package static func compileAll(
    _ tree: CheckedTree, environments: [String]? = nil
  ) throws(CompilationError) -> [CompiledEnvironment] {
    try compileAll(tree, environments: environments) { $0 }
  }

  /// What `finish` makes of the snapshots, in the order of their environments.
  ///
  /// - Parameter finish: is called on the thread that has just made a snapshot, while others make the next.
  /// - Throws: the ``CompilationError`` of the first environment that has one; `finish` may have been called for others.
  package static func compileAll<Result: Sendable>(
    _ tree: CheckedTree, environments: [String]? = nil, finish: @Sendable (CompiledEnvironment) -> Result
  ) throws(CompilationError) -> [Result] {
    let environments = try known(environments, of: tree.tree)
    return try SharedCompilation(of: environments, in: tree).run(environments, finish)
  }

  /// What sinks make of the snapshots, in the order of their environments: for a tree of whose configs only that is there
  /// which compiling needs, and for who need not have whole snapshots in memory.
  ///
  /// - Parameter sink: makes the sink of an environment, on the thread that fills it.
  /// - Throws: the ``CompilationError`` of the first environment that has one; other sinks may have taken everything.
  package static func compileAll<Sink: SnapshotSink>(
    _ tree: DigestedTree<WrittenConfigs>, environments: [String]? = nil, into sink: @Sendable (String) -> Sink
  ) throws(CompilationError) -> [Sink.Taken] {
    let environments = try known(environments, of: tree.tree)
    return try SharedCompilation(of: tree.tree, tree.digests, index: tree.configIndex).stream(environments, into: sink)
  }

  /// The environments that are compiled: those that are named, or all.
  private static func known(_ environments: [String]?, of tree: FlagsTree) throws(CompilationError) -> [String] {
    let known = tree.manifest.environments.map(\.value)
    let environments = environments ?? known
    for environment in environments where !known.contains(environment) {
      throw CompilationError(unknown: environment, known: known)
    }
    return environments
  }
}
