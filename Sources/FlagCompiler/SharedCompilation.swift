internal import Ensign
internal import FlagSource

/// The compilation of environments by threads that share the work: the definitions in slices, spelled once for all
/// environments, then the environments, each put together of what is written already, and loaded.
struct SharedCompilation {
  /// Its configs are not looked at.
  private let tree: FlagsTree
  private let configIndex: ConfigIndex
  private let configs: [WrittenConfigs]
  /// Which of ``configs`` has a config, and the position of the first config of each of them.
  private let parts: (byConfig: [UInt32], starts: [Int])
  /// Positions of definitions, in the order of their keys.
  private let flags: [Int]
  /// What the definitions of ``flags`` say, in slices.
  private let definitions: [MemberPairs]

  /// Makes ready what all environments need.
  ///
  /// - Parameters:
  ///   - configs: what the tree's configs say, in their order.
  ///   - index: the positions of the configs.
  init(of tree: FlagsTree, _ configs: [WrittenConfigs], index: ConfigIndex) {
    self.tree = tree
    self.configs = configs
    configIndex = index
    var byConfig: [UInt32] = []
    var starts: [Int] = []
    for (number, part) in configs.enumerated() {
      starts.append(byConfig.count)
      byConfig.append(contentsOf: repeatElement(UInt32(truncatingIfNeeded: number), count: part.pairs.count))
    }
    parts = (byConfig, starts)
    let flags = EnvironmentResolver.livingFlags(of: tree)
    self.flags = flags
    definitions = Threads.map((flags.count + Self.flagsPerSlice - 1) / Self.flagsPerSlice) { slice in
      Self.write(flags[slice * Self.flagsPerSlice..<min((slice + 1) * Self.flagsPerSlice, flags.count)], of: tree)
    }
  }

  /// Makes ready a tree that has its configs.
  ///
  /// - Parameter size: so many configs are written in one go.
  init(of environments: [String], in checked: CheckedTree, slicesOf size: Int = flagsPerSlice) {
    let tree = checked.tree
    let count = tree.configs.count
    let configs = Threads.map((count + size - 1) / size) { slice in
      let range = slice * size..<min((slice + 1) * size, count)
      var writer = ConfigWriter(for: environments)
      let configs = tree.configs
      for index in range { writer.add(configs.span[index]) }
      return writer.digest()
    }
    self.init(of: tree, configs, index: tree.configIndex)
  }

  /// So many flags, or configs, are written before another thread has started.
  static let flagsPerSlice = 500

  private static func write(_ flags: ArraySlice<Int>, of tree: FlagsTree) -> MemberPairs {
    let definitions = tree.definitions
    var bytes: [UInt8] = []
    var places: [MemberPairs.Place] = []
    bytes.reserveCapacity(flags.count * 256)
    places.reserveCapacity(flags.count)
    for flag in flags {
      let definition = ResolvedDefinition(definitions.span[flag])
      let start = bytes.count
      bytes += definition.first
      let middle = bytes.count
      bytes += definition.last
      places.append(MemberPairs.Place(start: start, middle: middle, end: bytes.count))
    }
    return MemberPairs(bytes, places)
  }

  /// Compiles environments, and loads them.
  func run<Finished: Sendable>(
    _ environments: [String], _ finish: @Sendable (CompiledEnvironment) -> Finished
  ) throws(CompilationError) -> [Finished] {
    try map(environments, toBeChecked: false) { environment, bytes throws(SnapshotError) in
      finish(CompiledEnvironment(environment: environment, bytes: bytes, snapshot: try Snapshot(bytes)))
    }
  }

  /// Compiles environments, and proves that they load.
  func check<Finished: Sendable>(
    _ environments: [String], _ finish: @Sendable (WrittenEnvironment) -> Finished
  ) throws(CompilationError) -> [Finished] {
    try map(environments, toBeChecked: true) { environment, bytes throws(SnapshotError) in
      try Snapshot.check(&bytes)
      return finish(WrittenEnvironment(environment: environment, bytes: bytes))
    }
  }

  /// - Parameter toBeChecked: whether there is room behind the bytes of a snapshot for ``Snapshot/check(_:)``.
  private func map<Finished: Sendable>(
    _ environments: [String], toBeChecked: Bool,
    _ finish: @Sendable (String, inout [UInt8]) throws(SnapshotError) -> Finished
  ) throws(CompilationError) -> [Finished] {
    let shares = environments.map(share)
    // The largest comes first: what is left over at the end is small.
    let order = environments.indices.sorted { shares[$0].size > shares[$1].size }
    let results = Threads.map(order.count) { position in
      let number = order[position]
      return Result { () throws(CompilationError) in
        try compile(environments[number], shares[number], toBeChecked, finish)
      }
    }
    return try zip(order, results).sorted { $0.0 < $1.0 }.map { _, result throws(CompilationError) in try result.get() }
  }

  /// All of an environment's share in the configs.
  private func share(of environment: String) -> WrittenConfigs.Share {
    configs.reduce(into: WrittenConfigs.Share()) { sum, part in
      if let share = part.shares[environment] { sum.add(share) }
    }
  }

  private func compile<Finished>(
    _ environment: String, _ share: WrittenConfigs.Share, _ toBeChecked: Bool,
    _ finish: (String, inout [UInt8]) throws(SnapshotError) -> Finished
  ) throws(CompilationError) -> Finished {
    let frame = EnvironmentResolver.frame(around: share.uses, of: tree, environment: environment)
    var bytes = write(frame, share.size, toBeChecked)
    do throws(SnapshotError) {
      return try finish(environment, &bytes)
    } catch {
      throw CompilationError(
        environment: environment, refusal: error, flags: flags.map { tree.definitions[$0].key },
        segments: frame.segments.map(\.key))
    }
  }

  /// Puts a snapshot together.
  private func write(_ frame: ResolvedFrame, _ size: Int, _ toBeChecked: Bool) -> [UInt8] {
    let size = definitions.reduce(size + 4096) { $0 + $1.size } + flags.count * Self.bytesAroundFlag
    let index = configIndex[frame.environment]
    let definitions = tree.definitions
    return SnapshotWriter.write(frame, capacity: size + (toBeChecked ? Snapshot.room(toCheck: size) : 0)) { writer in
      for (number, flag) in flags.enumerated() {
        let key = definitions.span[flag].key
        let definition = self.definitions[number / Self.flagsPerSlice][number % Self.flagsPerSlice]
        if let position = index[key] {
          let part = Int(parts.byConfig[position])
          writer.append(key, definition, configs[part].pairs[position - parts.starts[part]])
        } else {
          writer.append(key, definition, .disabled(variant: definitions.span[flag].off.value))
        }
      }
    }
  }

  /// More than what stands around a flag's lists takes, or what is written where it has no config.
  private static let bytesAroundFlag = 160
}
