internal import Ensign
internal import FlagSource

/// The compilation of environments by threads that share the work: the definitions in slices, spelled once for all
/// environments, then the environments, each put together of what is written already, and loaded, or proven to load part
/// by part.
struct SharedCompilation {
  /// Its configs are not looked at.
  private let tree: FlagsTree
  private let configIndex: ConfigIndex
  private let configs: [WrittenConfigs]
  /// Which of ``configs`` has a config, and the position of the first config of each of them.
  private let parts: (byConfig: [UInt32], starts: [Int])
  /// Positions of definitions, in the order of their keys.
  private let flags: [Int]
  /// Their keys.
  private let keys: [String]
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
    let all = tree.definitions
    keys = flags.map { all.span[$0].key }
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
    try map(environments) { environment, share throws(CompilationError) in
      let frame = frame(of: environment, share)
      let bytes = write(frame, share.size)
      do throws(SnapshotError) {
        return finish(CompiledEnvironment(environment: environment, bytes: bytes, snapshot: try Snapshot(bytes)))
      } catch {
        throw refusal(error, frame)
      }
    }
  }

  /// Compiles environments, and proves that they load, of which no more than a part is in memory at any time.
  func stream<Sink: SnapshotSink>(
    _ environments: [String], into sink: @Sendable (String) -> Sink
  ) throws(CompilationError) -> [Sink.Taken] {
    try map(environments) { environment, share throws(CompilationError) in
      let frame = frame(of: environment, share)
      var sink = sink(environment)
      do throws(SnapshotError) {
        try stream(frame, into: &sink)
      } catch {
        // A part does not know where in the document it stands; the whole does.
        let bytes = write(frame, share.size)
        do throws(SnapshotError) { _ = try Snapshot(bytes) } catch { throw refusal(error, frame) }
        throw refusal(error, frame)
      }
      return sink.finish()
    }
  }

  private func map<Finished: Sendable>(
    _ environments: [String],
    _ compile: @Sendable (String, WrittenConfigs.Share) throws(CompilationError) -> Finished
  ) throws(CompilationError) -> [Finished] {
    let shares = environments.map(share)
    // The largest comes first: what is left over at the end is small.
    let order = environments.indices.sorted { shares[$0].size > shares[$1].size }
    let results = Threads.map(order.count) { position in
      let number = order[position]
      return Result { () throws(CompilationError) in try compile(environments[number], shares[number]) }
    }
    return try zip(order, results).sorted { $0.0 < $1.0 }.map { _, result throws(CompilationError) in try result.get() }
  }

  /// All of an environment's share in the configs.
  private func share(of environment: String) -> WrittenConfigs.Share {
    configs.reduce(into: WrittenConfigs.Share()) { sum, part in
      if let share = part.shares[environment] { sum.add(share) }
    }
  }

  private func frame(of environment: String, _ share: WrittenConfigs.Share) -> ResolvedFrame {
    EnvironmentResolver.frame(around: share.uses, of: tree, environment: environment)
  }

  private func refusal(_ error: SnapshotError, _ frame: ResolvedFrame) -> CompilationError {
    CompilationError(
      environment: frame.environment, refusal: error, flags: keys, segments: frame.segments.map(\.key))
  }

  /// Puts a snapshot together.
  private func write(_ frame: ResolvedFrame, _ size: Int) -> [UInt8] {
    let size = definitions.reduce(size + 4096) { $0 + $1.size } + flags.count * Self.bytesAroundFlag
    let index = configIndex[frame.environment]
    return SnapshotWriter.write(frame, capacity: size) { writer in
      for part in definitions.indices { append(part, index, to: &writer) }
    }
  }

  /// Puts a snapshot together in parts, each of which loads.
  private func stream(_ frame: ResolvedFrame, into sink: inout some SnapshotSink) throws(SnapshotError) {
    var place = 0
    let frameBytes = SnapshotWriter.write(frame, capacity: 4096) { place = $0.size }
    var trial = try SnapshotTrial(frame: frameBytes, flags: keys)
    sink.take(frameBytes[..<place])
    let index = configIndex[frame.environment]
    var writer = SnapshotWriter(capacity: 0)
    for part in definitions.indices {
      writer.beginPart()
      append(part, index, to: &writer)
      writer.endPart()
      let bytes = writer.bytes
      try trial.add(bytes)
      if part > 0 { sink.take([UInt8(ascii: ",")]) }
      sink.take(bytes.dropFirst().dropLast())
    }
    sink.take(frameBytes[place...])
    try trial.finish()
  }

  /// Writes the flags of a part of the definitions.
  ///
  /// - Parameter index: the positions of the environment's configs.
  private func append(_ part: Int, _ index: ConfigIndex.OfEnvironment, to writer: inout SnapshotWriter) {
    let definitions = tree.definitions
    let written = self.definitions[part]
    for number in 0..<written.count {
      let place = part * Self.flagsPerSlice + number
      let key = keys[place]
      if let position = index[flags[place]] {
        let config = Int(parts.byConfig[position])
        writer.append(key, written[number], configs[config].pairs[position - parts.starts[config]])
      } else {
        writer.append(key, written[number], .disabled(variant: definitions.span[flags[place]].off.value))
      }
    }
  }

  /// More than what stands around a flag's lists takes, or what is written where it has no config.
  private static let bytesAroundFlag = 160
}
