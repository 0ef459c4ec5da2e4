/// How long the commands take that do next to nothing.
struct StartBenchmark {
  private let options: Options
  private let rounds: Int

  init(_ options: Options) {
    self.options = options
    rounds = options.rounds ?? 200
  }

  /// Measures, and adds what it found.
  func run(into report: inout Report) throws {
    try FileSystem.withTemporaryFolder { try run(in: $0, into: &report) }
  }

  private func run(in folder: String, into report: inout Report) throws {
    try GeneratedRepository(options, flags: 5, folder: folder).write(commits: true)
    let flags = ["--flags", "\(folder)/flags"]
    let floor = "\(options.ensign.lastIndex(of: "/").map { options.ensign[...$0] } ?? "")ensign-bench-git"
    let commands = [
      ChildProcess("git", ["--version"]), ChildProcess(options.ensign, ["--version"]),
      ChildProcess(options.ensign, ["validate"] + flags), ChildProcess(floor, []),
      ChildProcess(options.ensign, ["compile", "--environment", "development", "--rev", "HEAD"] + flags),
    ]
    let times = try inTurns(
      rounds, { try commands[0].run().seconds },
      { try commands[1].run().seconds }, { try commands[2].run().seconds },
      { try commands[3].run().seconds }, { try commands[4].run().seconds })
    report.add("ensign --version", times[1], against: "git --version", times[0], limit: .startVersion)
    report.add("ensign validate, 5 flags", times[2], against: "git --version", times[0], limit: .startValidate)
    report.add(
      "ensign compile --rev HEAD, 5 flags", times[4], against: "C that initialises libgit2", times[3], limit: .startGit)
  }
}
