internal import Glibc

/// The history of a flag and the last changes of all of them, against `git log` in the same repository.
struct HistoryBenchmark {
  private let options: Options
  private let rounds: Int

  init(_ options: Options) {
    self.options = options
    rounds = options.rounds ?? 5
  }

  /// Measures, and adds what it found: without a commit-graph, with one, and with changed-path Bloom filters.
  func run(into report: inout Report) throws {
    try FileSystem.withTemporaryFolder { folder in
      let history = GeneratedHistory(options, folder: folder)
      let flags = try history.write()
      let graphs: [(name: String, arguments: [String]?, limit: Limit)] = [
        ("no commit-graph", nil, .historyFlag), ("a commit-graph", [], .historyFlagGraph),
        ("Bloom filters", ["--changed-paths"], .historyFlagBloom),
      ]
      for graph in graphs {
        if let arguments = graph.arguments {
          try history.git(["commit-graph", "write", "--reachable", "--no-progress"] + arguments)
        }
        for flag in flags { try measure(flag, graph.name, graph.limit, folder, into: &report) }
        if graph.arguments == nil { try lastChanges(folder, into: &report) }
      }
    }
  }

  private func measure(
    _ flag: GeneratedHistory.Flag, _ graph: String, _ limit: Limit, _ folder: String, into report: inout Report
  ) throws {
    let git = ChildProcess("git", ["-C", folder, "log", "--format=%H", "--"] + flag.paths)
    let ensign = ChildProcess(options.ensign, ["log", flag.key, "--flags", "\(folder)/flags"])
    let listed = try ensign.run(keepsOutput: true).output.split(separator: 0x0A)
      .filter { $0.starts(with: "commit ".utf8) }.map { $0.dropFirst(7) }
    guard try git.run(keepsOutput: true).output.split(separator: 0x0A) == listed else {
      throw Failure("git log and ensign log \(flag.key) do not list the same commits")
    }
    let (mine, baseline) = (Peak(ensign), Peak(git))
    let times = try inTurns(rounds, { try baseline.run() }, { try mine.run() })
    report.add(
      "log of a flag with \(listed.count) changes, \(graph)", times[1], against: "git log", times[0], limit: limit)
    report.add("peak memory of it", .bytes(mine.bytes))
  }

  /// The program remembers what each commit changed: once where it remembers nothing, once where it has seen them all.
  private func lastChanges(_ folder: String, into report: inout Report) throws {
    let git = ChildProcess("git", ["-C", folder, "log", "--raw", "-100"])
    let ensign = ChildProcess(options.ensign, ["log", "--limit", "100", "--flags", "\(folder)/flags"])
    var round = 0
    func beginAnew() {
      round += 1
      setenv("XDG_CACHE_HOME", "\(folder)/cache-\(round)", 1)
    }
    let first = try inTurns(
      rounds, { try git.run().seconds },
      {
        beginAnew()
        return try ensign.run().seconds
      })
    report.add("log of the last 100 changes, none remembered", first[1], against: "git log --raw", first[0])
    let times = try inTurns(rounds, { try git.run().seconds }, { try ensign.run().seconds })
    report.add(
      "log of the last 100 changes, remembered", times[1], against: "git log --raw", times[0], limit: .historyLast)
  }
}
