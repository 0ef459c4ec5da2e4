internal import Ensign
internal import FlagCompiler
internal import FlagSource

/// Writing and loading a snapshot of many flags.
struct SnapshotBenchmark {
  private let folder: String
  private let python: String
  private let rounds: Int

  /// - Parameter folder: What `generate` made.
  init(_ options: Options, folder: String) {
    self.folder = folder
    python = options.python
    rounds = options.rounds ?? 11
  }

  /// Measures the snapshot of the last environment, which is the largest.
  func run(into report: inout Report) throws {
    guard let tree = try Validation.run(WorkingTreeFiles(root: "\(folder)/flags")).checked,
      let environment = tree.tree.manifest.environments.last?.value
    else { throw Failure("\(folder)/flags has errors") }
    var resolver = EnvironmentResolver()
    let definitions = EnvironmentResolver.livingFlags(of: tree.tree).map { tree.tree.definitions[$0] }
    let flags = definitions.map { resolver.resolve($0, tree.tree.config(of: $0.key, in: environment)) }
    let frame = EnvironmentResolver.frame(around: resolver.uses, of: tree.tree, environment: environment)
    let write = {
      SnapshotWriter.write(frame, capacity: 1024 * flags.count) { writer in
        for (definition, flag) in zip(definitions, flags) {
          // Spelling the definitions is writing, too.
          var flag = flag
          flag.definition = ResolvedDefinition(definition)
          writer.append(flag)
        }
      }
    }
    let document = write()
    report.add("size of the snapshot", .bytes(Double(document.count)))
    try FileSystem.withTemporaryFolder { temporary in
      let file = "\(temporary)/snapshot.json"
      try FileSystem.write(String(decoding: document, as: UTF8.self), to: file)
      try measure(write, file, into: &report)
      try load(document, file, into: &report)
    }
    try evaluateAll(document, into: &report)
  }

  private func load(_ document: [UInt8], _ file: String, into report: inout Report) throws {
    let node = report.peer("node") { try Peers.parse(file) }
    let times = try inTurns(
      rounds, { try seconds { try PlainParser.parse(document) } }, { try node?() ?? 0 },
      { try seconds { try Snapshot(document) } })
    report.add("load the snapshot", times[2], against: "the plain parser", times[0], limit: .loadTime)
    if node != nil {
      report.add("load the snapshot", times[2], against: "JSON.parse of node", times[1], limit: .loadAgainstNode)
    }
  }

  /// All flags for one person, at once and one after the other.
  private func evaluateAll(_ document: [UInt8], into report: inout Report) throws {
    let snapshot = try Snapshot(document)
    let keys = snapshot.flagKeys
    let context = snapshot.prepare(["targetingKey": "somebody", "country": "DE", "plan": "pro", "age": 41])
    let times = try inTurns(
      rounds, { try seconds { snapshot.evaluateAll(in: context) } },
      { try seconds { keys.map { snapshot.evaluate($0, in: context) } } })
    report.add(
      "evaluate all \(keys.count) flags, each", times[0], against: "by their keys", times[1], operations: keys.count)
  }

  private func measure(_ write: @escaping () -> [UInt8], _ file: String, into report: inout Report) throws {
    let python = python
    guard let orjson = report.peer("orjson", { try Peers.dump(file, sorts: false, python: python) }) else { return }
    let times = try inTurns(
      rounds, { try seconds { write() } }, orjson,
      { try Peers.dump(file, sorts: true, python: python) })
    report.add("write the snapshot", times[0], against: "orjson", times[1], limit: .writeTime)
    report.add("write the snapshot", times[0], against: "orjson that sorts", times[2])
  }
}
