internal import Ensign
internal import FlagSource

/// The compilation of environments by threads that share the work: first slices of the flags, each for all environments,
/// then the environments, each put together of its slices and loaded.
///
/// What a definition says is spelled once for all environments, and a flag is written as soon as it is resolved: what it
/// was resolved to is no memory of its own for ten thousand flags.
struct SharedCompilation {
  private let tree: CheckedTree
  private let environments: [String]
  /// Positions of definitions, in the order of their keys.
  private let flags: [Int]
  private let sliceCount: Int

  /// Some of the flags of an environment, as members of an object.
  private struct Slice: Sendable {
    var members: [UInt8]
    var uses: ConditionUses
  }

  /// - Parameter slices: into how many slices the flags are cut; nil: as many as are worth it.
  init(of environments: [String], in tree: CheckedTree, slices: Int? = nil) {
    self.tree = tree
    self.environments = environments
    flags = EnvironmentResolver.livingFlags(of: tree)
    sliceCount =
      slices
      ?? max(
        Threads.count(forParts: max(flags.count / Self.flagsPerSlice, 1)),
        (flags.count + Self.mostFlagsPerSlice - 1) / Self.mostFlagsPerSlice)
  }

  /// Fewer flags than two slices of so many are written by one thread.
  private static let flagsPerSlice = 250
  /// Larger ones would leave a thread without work at the end.
  private static let mostFlagsPerSlice = 10_000

  /// Compiles all environments.
  func run<Finished: Sendable>(
    _ finish: @Sendable (CompiledEnvironment) -> Finished
  ) throws(CompilationError) -> [Finished] {
    let slices = slicesByEnvironment()
    // The largest comes first: what is left over at the end is small.
    let sizes = slices.map { $0.reduce(0) { $0 + $1.members.count } }
    let order = environments.indices.sorted { sizes[$0] > sizes[$1] }
    let waiting = Guarded(consume slices)
    let results = Threads.map(order.count) { position in
      let environment = order[position]
      // Taken, so that what was put together is no longer there when it is loaded.
      let slices = waiting.withLock { exchange(&$0[environment], with: []) }
      return Result { () throws(CompilationError) in finish(try load(slices, of: environments[environment])) }
    }
    return try zip(order, results).sorted { $0.0 < $1.0 }.map { _, result throws(CompilationError) in try result.get() }
  }

  private func slicesByEnvironment() -> [[Slice]] {
    let slices = Threads.map(sliceCount) { write($0) }
    return environments.indices.map { environment in slices.map { $0[environment] } }
  }

  /// Resolves and writes the flags of a slice, once for each environment.
  private func write(_ part: Int) -> [Slice] {
    let slice = flags[flags.count * part / sliceCount..<flags.count * (part + 1) / sliceCount]
    var resolvers = environments.map { EnvironmentResolver(tree, environment: $0) }
    var writers = environments.map { _ in SnapshotWriter(flags: slice.count) }
    let definitions = tree.tree.definitions
    for index in slice {
      let definition = ResolvedDefinition(definitions.span[index])
      for environment in environments.indices {
        writers[environment].append(resolvers[environment].resolve(definition))
      }
    }
    return zip(writers, resolvers).map { Slice(members: $0.members, uses: $1.uses) }
  }

  private func load(
    _ slices: consuming [Slice], of environment: String
  ) throws(CompilationError) -> CompiledEnvironment {
    let uses = slices.reduce(into: ConditionUses()) { $0.formUnion($1.uses) }
    let frame = EnvironmentResolver.frame(around: uses, of: tree, environment: environment)
    let bytes = SnapshotWriter.write(frame, around: slices.map(\.members))
    _ = consume slices
    do throws(SnapshotError) {
      return CompiledEnvironment(environment: environment, bytes: bytes, snapshot: try Snapshot(bytes))
    } catch {
      throw CompilationError(
        environment: environment, refusal: error, flags: flags.map { tree.tree.definitions[$0].key },
        segments: frame.segments.map(\.key))
    }
  }
}
