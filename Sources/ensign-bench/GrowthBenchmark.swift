internal import CBench

/// Whether ten times the flags take ten times as long.
struct GrowthBenchmark {
  private let options: Options
  private let rounds: Int

  init(_ options: Options) {
    self.options = options
    rounds = options.rounds ?? 3
  }

  /// Measures trees of 1,000, 10,000 and 100,000 flags in turns, and adds what it found.
  func run(into report: inout Report) throws {
    try FileSystem.withTemporaryFolderInMemory { try run(in: $0, into: &report) }
  }

  private func run(in folder: String, into report: inout Report) throws {
    let sizes = [1_000, 10_000, 100_000]
    let trees = sizes.map { "\(folder)/\($0)" }
    for (size, tree) in zip(sizes, trees) {
      try GeneratedRepository(options, flags: size, folder: tree).write(commits: false)
    }
    let files = try trees.map { try FileSystem.files(below: "\($0)/flags", suffix: ".yaml") }
    for (command, limit) in [("validate", Limit.validateGrowth), ("compile", .compileGrowth)] {
      let arguments = command == "compile" ? ["compile", "--quiet", "--all", "--out", "\(folder)/out"] : ["validate"]
      let runs = trees.map { Peak(ChildProcess(options.ensign, arguments + ["--flags", "\($0)/flags"])) }
      func run(_ index: Int) throws -> Double {
        // Some systems drop what was not read for a minute, more of a large tree than of a small one. Some give free memory
        // back to the machine's host, and have to ask for more of it for a large tree.
        for file in files[index] { _ = try FileSystem.read(file) }
        let failed = cbench_prepare_memory(2 * Int(runs.map(\.bytes).max() ?? 0))
        guard failed == 0 else { throw Failure("cannot make memory ready", errno: failed) }
        return try runs[index].run()
      }
      let times = try inTurns(rounds, { try run(0) }, { try run(1) }, { try run(2) })
      report.add("\(command), 10,000 flags", times[1], against: "with 1,000", times[0])
      report.add("\(command), 100,000 flags", times[2], against: "with 10,000", times[1], limit: limit)
      report.add("peak memory of \(command), 100,000 flags", .bytes(runs[2].bytes))
    }
  }
}
