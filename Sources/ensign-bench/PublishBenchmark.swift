internal import Glibc

/// Publishing a commit: compiled, signed and written durably, as a whole run of the command.
struct PublishBenchmark {
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
  /// Each turn publishes every environment into a store of its own, so that nothing is there already.
  func run(into report: inout Report) throws {
    try FileSystem.withTemporaryFolder { try run(in: $0, into: &report) }
  }

  private func run(in folder: String, into report: inout Report) throws {
    try GeneratedRepository(options, flags: Self.flags, folder: folder).write(commits: true)
    let keys = ["root", "publish"].map { "\(folder)/\($0).key" }
    for key in keys { _ = try ChildProcess(options.ensign, ["key", "new", "--no-passphrase", "--out", key]).run() }
    var turn = 0
    var store = ""
    let publish: Timed = {
      turn += 1
      store = "\(folder)/store-\(turn)"
      let trust = ["trust", "init", "--root", keys[0], "--publish", keys[1], "--store", store]
      _ = try ChildProcess(options.ensign, trust).run()
      let command = ["publish", "--all", "--store", store, "--key", keys[1], "--ref", "refs/heads/main"]
      return try ChildProcess(options.ensign, command + ["--flags", "\(folder)/flags"]).run().seconds
    }
    let renew: Timed = {
      try ChildProcess(options.ensign, ["publish", "--renew", "--all", "--store", store, "--key", keys[1]]).run()
        .seconds
    }
    let parse: Timed = { try seconds { () throws in try Libyaml.parse(commit: "HEAD", in: folder, below: "flags") } }
    let write: Timed = { try Self.write(filesOf: store, into: "\(folder)/bare-\(turn)") }
    let times = try inTurns(rounds, publish, renew, parse, write)
    let bare = zip(times[2], times[3]).map { $0 + $1 }
    let what = "publish, \(Self.flags) flags, \(options.environments) environments"
    report.add(what, times[0], against: "bare libgit2 and libyaml, and the writing", bare)
    report.add("writing, of it", times[3], against: "bare libgit2 and libyaml, and the writing", bare)
    report.add("\(what), in all", .seconds(median(times[0])), limit: .publishTime)
    report.add("publish --renew", .seconds(median(times[1])))
  }

  /// Writes the files of a store again, each beside its place, made durable, renamed, its folder made durable: what
  /// nobody who wants to survive a crash gets around.
  private static func write(filesOf store: String, into folder: String) throws -> Double {
    let files = try FileSystem.files(below: store, suffix: "").map { ($0, try FileSystem.read($0)) }
    try FileSystem.makeFolder(folder)
    return try seconds { () throws in
      for (index, file) in files.enumerated() {
        let descriptor = open("\(folder)/new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure("open", errno: errno) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, file.1, file.1.count) == file.1.count, fsync(descriptor) == 0,
          rename("\(folder)/new", "\(folder)/\(index)") == 0
        else { throw Failure("write", errno: errno) }
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(parent) }
        guard fsync(parent) == 0 else { throw Failure("fsync", errno: errno) }
      }
    }
  }
}
