internal import Ensign

/// Writing and loading a snapshot of many flags.
struct SnapshotBenchmark {
  private let file: String
  private let python: String
  private let rounds: Int

  /// - Parameter file: A compiled snapshot.
  init(_ options: Options, file: String) {
    self.file = file
    python = options.python
    rounds = options.rounds ?? 11
  }

  func run(into report: inout Report) throws {
    let document = try FileSystem.read(file)
    report.add("size of the snapshot", .bytes(Double(document.count)))
    try load(document, into: &report)
    try write(document, into: &report)
  }

  private func load(_ document: [UInt8], into report: inout Report) throws {
    let node = report.peer("node") { try Peers.parse(file) }
    let times = try inTurns(
      rounds,
      { try seconds { try PlainParser.parse(document) } },
      { try node?() ?? 0 })
    if node != nil { report.add("the plain parser", times[0], against: "JSON.parse of node", times[1]) }
  }

  private func write(_ document: [UInt8], into report: inout Report) throws {
    let value = try JSONValue(parsing: document)
    let orjson = report.peer("orjson") { try Peers.dump(file, sorts: false, python: python) }
    let sorted = report.peer("orjson") { try Peers.dump(file, sorts: true, python: python) }
    let times = try inTurns(
      rounds, { try seconds { value.canonicalBytes } }, { try orjson?() ?? 0 }, { try sorted?() ?? 0 })
    guard orjson != nil else { return }
    report.add("write the snapshot", times[0], against: "orjson", times[1], limit: .writeTime)
    report.add("write the snapshot", times[0], against: "orjson that sorts", times[2])
  }
}
