/// The emergency path: a flag disabled, committed, compiled, signed and published, as one run of the command.
struct KillBenchmark {
  private let options: Options
  private let rounds: Int
  /// As many flags as the limit is about.
  private static let flags = 1000

  init(_ options: Options) {
    self.options = options
    rounds = options.rounds ?? 15
  }

  /// Measures, and adds what it found.
  ///
  /// Each turn kills another flag, and edits a further one by hand.
  func run(into report: inout Report) throws {
    try FileSystem.withTemporaryFolder { try run(in: $0, into: &report) }
  }

  private func run(in folder: String, into report: inout Report) throws {
    try GeneratedRepository(options, flags: Self.flags, folder: folder).write(commits: true)
    for setting in [["user.name", "ensign-bench"], ["user.email", "bench@ensign.example"]] {
      _ = try ChildProcess("git", ["-C", folder, "config"] + setting).run()
    }
    let (root, key, store) = ("\(folder)/root.key", "\(folder)/publish.key", "\(folder)/store")
    for key in [root, key] { try ensign("key", "new", "--no-passphrase", "--out", key) }
    try ensign("trust", "init", "--root", root, "--publish", key, "--store", store)
    let tree = "\(folder)/flags"
    var files = try enabledFlags(below: "\(tree)/environments")[...]
    guard let first = files.first, files.count > 2 * rounds + 2 else { throw Failure("the tree has too few flags") }
    let environment = first.environment
    let publish = ["publish", "-e", environment, "--store", store, "--key", key, "--flags", tree]
    try ensign(publish)
    let kill: Timed = {
      guard let file = files.popFirst() else { throw Failure("no flag is left") }
      let words = ["kill", file.flag, "-e", environment, "--reason", "measured", "--flags", tree]
      return try ChildProcess(options.ensign, words + ["--publish", store, "--key", key]).run().seconds
    }
    let byHand: Timed = {
      guard let file = files.popFirst() else { throw Failure("no flag is left") }
      let text = String(decoding: try FileSystem.read(file.path), as: UTF8.self)
      try FileSystem.write(Self.disabled(text), to: file.path)
      let commit = ChildProcess("git", ["-C", folder, "commit", "--quiet", "--message", "By hand", "--", file.path])
      return try commit.run().seconds + ChildProcess(options.ensign, publish).run().seconds
    }
    let times = try inTurns(rounds, kill, byHand)
    let what = "kill --publish, \(Self.flags) flags"
    report.add(what, times[0], against: "git commit, then ensign publish", times[1])
    report.add("\(what), in all", .seconds(median(times[0])), limit: .killTime)
  }

  private func ensign(_ words: String...) throws { try ensign(words) }

  private func ensign(_ words: [String]) throws { _ = try ChildProcess(options.ensign, words).run() }

  /// The flags that are simply on, in the environment of the first such file by its path.
  private func enabledFlags(below folder: String) throws -> [(flag: String, environment: String, path: String)] {
    var found: [(flag: String, environment: String, path: String)] = []
    for path in try FileSystem.files(below: folder, suffix: ".yaml").sorted() {
      let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
      guard text.split(separator: "\n").contains("enabled: true") else { continue }
      let parts = path.dropFirst(folder.count).split(separator: "/")
      guard let environment = parts.first, let name = parts.last else { continue }
      if let first = found.first, first.environment != environment { break }
      found.append((String(name.dropLast(".yaml".count)), String(environment), path))
    }
    return found
  }

  private static func disabled(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0 == "enabled: true" ? "enabled: false" : String($0) }.joined(separator: "\n")
  }
}
