internal import Ensign
internal import FlagSource
internal import Synchronization

/// The compilation of environments by threads that share the work: slices of flags, each of one environment.
///
/// A flag is written as soon as it is resolved, so that what it was resolved to is no memory of its own for ten thousand
/// flags. Whoever writes the last slice of an environment puts it together and loads it, while the others go on.
struct SharedCompilation {
  private let tree: CheckedTree
  private let environments: [String]
  /// Positions of definitions, in the order of their keys.
  private let flags: [Int]
  private let slicesPerEnvironment: Int

  /// Some of the flags of an environment, as members of an object.
  private struct Slice: Sendable {
    var members: [UInt8]
    var uses: ConditionUses
  }

  /// - Parameter slices: into how many slices the flags of each environment are cut; nil: as many as are worth it.
  init(of environments: [String], in tree: CheckedTree, slices: Int? = nil) {
    self.tree = tree
    self.environments = environments
    flags = EnvironmentResolver.livingFlags(of: tree)
    // One for each thread is enough: only the last ones are waited for.
    slicesPerEnvironment = slices ?? Threads.count(forParts: max(flags.count / Self.flagsPerSlice, 1))
  }

  /// Fewer flags than two slices of so many are written by one thread.
  private static let flagsPerSlice = 500

  /// Compiles all environments.
  func run<Finished: Sendable>(
    _ finish: @Sendable (CompiledEnvironment) -> Finished
  ) throws(CompilationError) -> [Finished] {
    let slices = Guarded([[Int: Slice]](repeating: [:], count: environments.count))
    let results = Guarded<[Int: Result<Finished, CompilationError>]>([:])
    // The last environments, where most of the rules are, come first: what is left over then is small.
    let left = Atomic(environments.count * slicesPerEnvironment)
    Threads.run(Threads.count(forParts: environments.count * slicesPerEnvironment)) {
      while true {
        let number = left.wrappingSubtract(1, ordering: .relaxed).newValue
        guard number >= 0 else { return }
        let (environment, part) = number.quotientAndRemainder(dividingBy: slicesPerEnvironment)
        let slice = write(part, of: environments[environment])
        let all = slices.withLock { slices -> [Int: Slice]? in
          slices[environment][part] = slice
          guard slices[environment].count == slicesPerEnvironment else { return nil }
          defer { slices[environment] = [:] }
          return slices[environment]
        }
        guard let all else { continue }
        let result = Result { () throws(CompilationError) in
          finish(try load((0..<slicesPerEnvironment).compactMap { all[$0] }, of: environments[environment]))
        }
        results.withLock { $0[environment] = result }
      }
    }
    var finished: [Finished] = []
    for (_, result) in results.withLock({ $0 }).sorted(by: { $0.key < $1.key }) { finished.append(try result.get()) }
    return finished
  }

  private func write(_ part: Int, of environment: String) -> Slice {
    let slice = flags[flags.count * part / slicesPerEnvironment..<flags.count * (part + 1) / slicesPerEnvironment]
    var resolver = EnvironmentResolver(tree, environment: environment)
    let members = SnapshotWriter.members(count: slice.count) { resolver.resolve(flagAt: slice[slice.startIndex + $0]) }
    return Slice(members: members, uses: resolver.uses)
  }

  private func load(_ slices: [Slice], of environment: String) throws(CompilationError) -> CompiledEnvironment {
    let uses = slices.reduce(into: ConditionUses()) { $0.formUnion($1.uses) }
    let frame = EnvironmentResolver.frame(around: uses, of: tree, environment: environment)
    let bytes = SnapshotWriter.write(frame, around: slices.map(\.members))
    do throws(SnapshotError) {
      return CompiledEnvironment(environment: environment, bytes: bytes, snapshot: try Snapshot(bytes))
    } catch {
      throw CompilationError(
        environment: environment, refusal: error, flags: flags.map { tree.tree.definitions[$0].key },
        segments: frame.segments.map(\.key))
    }
  }
}
