internal import FlagCompiler
internal import FlagSource
internal import YAML

/// The authoring path: whole runs of the command, against bare libyaml over the same files or blobs.
struct SourceBenchmark {
  private let folder: String
  private let ensign: String
  private let rounds: Int

  init(_ options: Options, folder: String) {
    self.folder = folder
    ensign = options.ensign
    rounds = options.rounds ?? 7
  }

  /// Measures, and adds what it found.
  ///
  /// The page cache is warm: what a disk takes is not the program's.
  func run(into report: inout Report) throws {
    let flags = ["--flags", "\(folder)/flags"]
    try FileSystem.withTemporaryFolder { out in
      try workingTree(flags, out: out, into: &report)
      if FileSystem.exists("\(folder)/.git") { try commit(flags, out: out, into: &report) }
    }
  }

  private func workingTree(_ flags: [String], out: String, into report: inout Report) throws {
    let files = try FileSystem.files(below: "\(folder)/flags", suffix: ".yaml")
    let validation = Peak(ChildProcess(ensign, ["validate"] + flags))
    let compilation = Peak(ChildProcess(ensign, ["compile", "--quiet", "--all", "--out", out] + flags))
    let test = Peak(ChildProcess(ensign, ["test"] + flags))
    let times = try inTurns(
      rounds, { try seconds { try Libyaml.parse(files) } },
      { try validation.run() }, { try compilation.run() },
      { try test.run() }, { try seconds { try Libyaml.readOnly(files) } }, { try seconds { try Self.parse(files) } })
    let count = "\(files.count) files"
    report.add("validate, \(count)", times[1], against: "bare libyaml", times[0], limit: .validateTime)
    report.add("compile --all, \(count)", times[2], against: "bare libyaml", times[0], limit: .compileTime)
    report.add("test, \(count), with loading", times[3], against: "bare libyaml", times[0])
    report.add("reading the files, of it", times[4], against: "bare libyaml", times[0])
    report.add("reading and parsing to trees, on one thread", times[5], against: "bare libyaml", times[0])
    report.add("peak memory of validate", .bytes(validation.bytes), limit: .validateMemory)
    report.add("peak memory of compile --all", .bytes(compilation.bytes), limit: .compileMemory)
    report.add("peak memory of test", .bytes(test.bytes))
    try flagTests(into: &report)
  }

  /// What the tests take once the tree is read and compiled: a run of all of them, without a run of the compiler.
  private func flagTests(into report: inout Report) throws {
    guard let tree = try Validation.run(WorkingTreeFiles(root: "\(folder)/flags")).checked else {
      throw Failure("\(folder)/flags has errors")
    }
    let count = try FlagTestRunner.run(tree).passedCount
    let times = try inTurns(
      rounds, { try seconds { try SnapshotCompiler.compileAll(tree) } },
      { try seconds { try FlagTestRunner.run(tree) } })
    report.add(
      "\(count) flag tests, once compiled", .seconds(median(zip(times[1], times[0]).map { $0 - $1 })),
      limit: .testTime)
  }

  /// Reads the files to YAML documents, as the command does, but on one thread and for nothing.
  private static func parse(_ files: [String]) throws {
    for file in files {
      guard try Document.parse(FileSystem.read(file)).errors.isEmpty else { throw Failure("\(file) is not valid") }
    }
  }

  private func commit(_ flags: [String], out: String, into report: inout Report) throws {
    let (folder, revision) = (folder, ["--rev", "HEAD"])
    let validation = Peak(ChildProcess(ensign, ["validate"] + flags + revision))
    let compilation = Peak(ChildProcess(ensign, ["compile", "--quiet", "--all", "--out", out] + flags + revision))
    let times = try inTurns(
      rounds,
      { () throws in
        try seconds { () throws in
          try Libyaml.parse(commit: "HEAD", in: folder, below: "flags", parses: false)
        }
      },
      { () throws in
        try seconds { try Libyaml.parse(commit: "HEAD", in: folder, below: "flags") }
      },
      { try validation.run() }, { try compilation.run() })
    report.add("validate --rev HEAD", times[2], against: "bare libgit2 and libyaml", times[1])
    report.add("compile --all --rev HEAD", times[3], against: "bare libgit2 and libyaml", times[1])
    report.add("reading the blobs, of it", times[0], against: "bare libgit2 and libyaml", times[1])
  }
}

/// A program that is run several times, and the most memory that it used.
final class Peak {
  private let process: ChildProcess
  private(set) var bytes = 0.0

  init(_ process: ChildProcess) {
    self.process = process
  }

  /// Runs it once; returns its time.
  func run() throws -> Double {
    let run = try process.run()
    bytes = max(bytes, Double(run.peakBytes))
    return run.seconds
  }
}
