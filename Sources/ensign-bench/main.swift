internal import Glibc

/// Runs one command.
func run(_ options: Options) throws {
  var report = Report()
  switch options.command {
  case "help", "":
    print(Options.usage, terminator: "")
    return
  case "limits":
    for limit in Limit.all { print("\(limit.name)  \(limit.bound.text)  \(limit.measures)") }
    return
  case "generate":
    guard let out = options.out else { throw Failure("generate wants --out DIR") }
    try GeneratedRepository(options, flags: options.flags, folder: out).write(commits: options.isCommitted)
    return
  case "source":
    guard let folder = options.folder else { throw Failure("source wants a folder made by `generate`") }
    try SourceBenchmark(options, folder: folder).run(into: &report)
  case "growth": try GrowthBenchmark(options).run(into: &report)
  case "snapshot":
    guard let folder = options.folder else { throw Failure("snapshot wants a folder made by `generate`") }
    try SnapshotBenchmark(options, folder: folder).run(into: &report)
  case "history": try HistoryBenchmark(options).run(into: &report)
  case "evaluate": try EvaluationBenchmark(options).run(into: &report)
  case "publish": try PublishBenchmark(options).run(into: &report)
  case "kill": try KillBenchmark(options).run(into: &report)
  case "swap": try SwapBenchmark(options).run(into: &report)
  case "review": try ReviewBenchmark(options).run(into: &report)
  case "remote": try RemoteBenchmark(options).run(into: &report)
  case "verify": try VerificationBenchmark(options).run(into: &report)
  case "all": try runAll(options, into: &report)
  case "serve": try ServeBenchmark(options).run(into: &report)
  case "start": try StartBenchmark(options).run(into: &report)
  default: throw Failure("no command \(options.command); `ensign-bench help` lists them")
  }
  print(options.isJSON ? report.json : report.text, terminator: "")
}

/// Runs every benchmark, with a tree of its own.
func runAll(_ options: Options, into report: inout Report) throws {
  try FileSystem.withTemporaryFolder { folder in
    try GeneratedRepository(options, flags: options.flags, folder: folder).write(commits: true)
    try EvaluationBenchmark(options).run(into: &report)
    try SnapshotBenchmark(options, folder: folder).run(into: &report)
    try RemoteBenchmark(options).run(into: &report)
    try VerificationBenchmark(options).run(into: &report)
    try SwapBenchmark(options).run(into: &report)
    try StartBenchmark(options).run(into: &report)
    try PublishBenchmark(options).run(into: &report)
    try KillBenchmark(options).run(into: &report)
    try HistoryBenchmark(options).run(into: &report)
    try ServeBenchmark(options).run(into: &report)
    try ReviewBenchmark(options).run(into: &report)
    try SourceBenchmark(options, folder: folder).run(into: &report)
  }
  try GrowthBenchmark(options).run(into: &report)
}

do {
  try run(try Options(CommandLine.arguments))
} catch {
  let message = "ensign-bench: \((error as? Failure)?.message ?? "\(error)")\n"
  _ = message.withCString { write(2, $0, strlen($0)) }
  exit(2)
}
