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
    let known = tree.tree.manifest.environments.map(\.value)
    guard known.contains(environment) else { throw CompilationError(unknown: environment, known: known) }
    let resolved = EnvironmentResolver.resolve(tree, environment: environment)
    let bytes = SnapshotWriter.write(resolved)
    do throws(SnapshotError) {
      return CompiledEnvironment(environment: environment, bytes: bytes, snapshot: try Snapshot(bytes))
    } catch {
      throw CompilationError(environment: environment, refusal: error, of: resolved)
    }
  }

  /// The snapshots of all environments in the manifest's order, or of some in theirs, made on all cores.
  ///
  /// - Throws: the ``CompilationError`` of the first environment that has one.
  package static func compileAll(
    _ tree: CheckedTree, environments: [String]? = nil
  ) throws(CompilationError) -> [CompiledEnvironment] {
    let environments = environments ?? tree.tree.manifest.environments.map(\.value)
    let results = Guarded<[Int: Result<CompiledEnvironment, CompilationError>]>([:])
    // The last environments, where most of the rules are, come first: what is left over then is small.
    let left = Atomic(environments.count)
    Threads.run(Threads.count(forParts: environments.count)) {
      while true {
        let index = left.wrappingSubtract(1, ordering: .relaxed).newValue
        guard index >= 0 else { return }
        let result = Result { () throws(CompilationError) in
          try compileAndLoad(tree, environment: environments[index])
        }
        results.withLock { $0[index] = result }
      }
    }
    var compiled: [CompiledEnvironment] = []
    for (_, result) in results.withLock({ $0 }).sorted(by: { $0.key < $1.key }) { compiled.append(try result.get()) }
    return compiled
  }
}
