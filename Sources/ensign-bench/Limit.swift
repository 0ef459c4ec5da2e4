/// What a figure has to hold: the one place where the project's limits of speed and size are written down.
struct Limit: Sendable {
  /// A stable name, for the JSON output.
  let name: String
  /// What is measured, and against what.
  let measures: String
  let bound: Bound

  /// A bound, and what it is a bound of.
  enum Bound: Sendable {
    /// Time as a multiple of the baseline's.
    case ratioAtMost(Double)
    /// Time as a multiple of the baseline's, which must be less.
    case ratioBelow(Double)
    /// Throughput as a multiple of the baseline's.
    case ratioAtLeast(Double)
    case secondsBelow(Double)
    case bytesBelow(Double)
    case none

    /// Whether a value keeps to it.
    func holds(for value: Double) -> Bool {
      switch self {
      case .ratioAtMost(let most): value <= most
      case .ratioBelow(let bound), .secondsBelow(let bound), .bytesBelow(let bound): value < bound
      case .ratioAtLeast(let least): value >= least
      case .none: value == 0
      }
    }

    /// The bound in words.
    var text: String {
      switch self {
      case .ratioAtMost(let most): "≤ \(fixed(most, 2)) ×"
      case .ratioBelow(let bound): "< \(fixed(bound, 2)) ×"
      case .secondsBelow(let bound) where bound < 0.001: "< \(fixed(bound * 1e6, 0)) µs"
      case .secondsBelow(let bound) where bound < 1: "< \(fixed(bound * 1e3, 0)) ms"
      case .ratioAtLeast(let least): "≥ \(fixed(least, 2)) ×"
      case .secondsBelow(let bound): "< \(fixed(bound, 1)) s"
      case .bytesBelow(let bound): "< \(fixed(bound / 1e6, 0)) MB"
      case .none: "0"
      }
    }
  }

  static let validateTime = Limit(
    name: "validate.time", measures: "validate a working tree, against bare libyaml on one thread",
    bound: .ratioAtMost(1.5))
  static let compileTime = Limit(
    name: "compile.time", measures: "compile all environments of a working tree, against bare libyaml on one thread",
    bound: .ratioAtMost(1.5))
  static let validateMemory = Limit(
    name: "validate.memory", measures: "peak memory of validate, 10,000 flags", bound: .bytesBelow(600e6))
  static let compileMemory = Limit(
    name: "compile.memory", measures: "peak memory of compile, 10,000 flags", bound: .bytesBelow(600e6))
  static let validateGrowth = Limit(
    name: "validate.growth", measures: "validate 100,000 flags, against 10,000", bound: .ratioAtMost(11))
  static let compileGrowth = Limit(
    name: "compile.growth", measures: "compile 100,000 flags, against 10,000", bound: .ratioAtMost(11))
  static let testTime = Limit(
    name: "test.time", measures: "10,000 flag tests, once the tree is compiled", bound: .secondsBelow(1))
  static let writeTime = Limit(
    name: "snapshot.write", measures: "write a snapshot, against orjson.dumps of the same document",
    bound: .ratioAtMost(2))
  static let loadTime = Limit(
    name: "snapshot.load", measures: "load a snapshot, against a plain parser of bytes to structs",
    bound: .ratioAtMost(2))
  static let loadAgainstNode = Limit(
    name: "snapshot.load.node", measures: "load a snapshot, against JSON.parse of node", bound: .ratioBelow(0.7))
  static let evaluatePrepared = Limit(
    name: "evaluate.prepared", measures: "evaluate for a context that is there, against the same rules in C",
    bound: .ratioAtMost(2.2))
  static let evaluateStrings = Limit(
    name: "evaluate.strings", measures: "evaluate for a context built of strings per call, against C",
    bound: .ratioAtMost(4.5))
  static let evaluateAllocations = Limit(
    name: "evaluate.allocations", measures: "allocations of one evaluation of a scalar flag", bound: .none)
  static let evaluateThreads = Limit(
    name: "evaluate.threads", measures: "evaluations on two threads, against one", bound: .ratioAtLeast(1.8))
  static let startVersion = Limit(
    name: "start.version", measures: "ensign --version, against git --version", bound: .ratioAtMost(2))
  static let startValidate = Limit(
    name: "start.validate", measures: "ensign validate of a small tree, against git --version", bound: .ratioAtMost(2))
  static let startGit = Limit(
    name: "start.git", measures: "a command that reads a commit, against a C program that initialises libgit2",
    bound: .ratioAtMost(1.2))

  static let publishTime = Limit(
    name: "publish.time", measures: "publish every environment of 1,000 flags: compile, sign, write",
    bound: .secondsBelow(0.15))
  static let killTime = Limit(
    name: "kill.time", measures: "kill a flag of 1,000: edit, check, commit, compile, sign, publish",
    bound: .secondsBelow(0.3))
  static let verifyTime = Limit(
    name: "verify.manifest", measures: "verify a signed manifest, from its bytes to its fields",
    bound: .secondsBelow(0.001))
  static let swapLatency = Limit(
    name: "swap.latency", measures: "99 of 100 evaluations while a client swaps snapshots, against without",
    bound: .ratioAtMost(2))

  static let historyFlag = Limit(
    name: "history.flag", measures: "log of one flag without a commit-graph, against git log of its files",
    bound: .ratioAtMost(1.1))
  static let historyFlagGraph = Limit(
    name: "history.flag.graph", measures: "log of one flag with a commit-graph, against git log of its files",
    bound: .ratioAtMost(0.9))
  static let historyFlagBloom = Limit(
    name: "history.flag.bloom",
    measures: "log of one flag with changed-path Bloom filters, against git log of its files",
    bound: .ratioAtMost(0.5))
  static let historyLast = Limit(
    name: "history.last",
    measures: "log of the last 100 changes of all flags, each of which was told before, against git log --raw -100",
    bound: .ratioAtMost(1))

  static let reviewFlag = Limit(
    name: "review.flag", measures: "the impact of a change of a flag with 30 rules over 8 attributes",
    bound: .secondsBelow(0.1))
  static let reviewBudget = Limit(
    name: "review.budget", measures: "an analysis whose budget ends", bound: .secondsBelow(1))
  static let reviewSegment = Limit(
    name: "review.segment", measures: "the impact of a changed segment that 500 of 10,000 flags use",
    bound: .secondsBelow(5))

  static let serveBlob = Limit(
    name: "serve.blob", measures: "requests a second for a snapshot of 100 KB, against nginx", bound: .ratioAtLeast(1))
  static let serveGzip = Limit(
    name: "serve.gzip", measures: "requests a second for the snapshot as gzip, against nginx",
    bound: .ratioAtLeast(0.95))
  static let serveUnchanged = Limit(
    name: "serve.unchanged", measures: "requests a second answered with 304, against nginx",
    bound: .ratioAtLeast(0.95))
  static let serveMemory = Limit(
    name: "serve.memory", measures: "memory under load beyond nginx's", bound: .bytesBelow(20e6))
  static let serveStreamMemory = Limit(
    name: "serve.streams.memory", measures: "memory with 10,000 streams of events", bound: .bytesBelow(80e6))
  static let serveEvents = Limit(
    name: "serve.events", measures: "from publishing to the last of 10,000 clients, against nginx with nchan",
    bound: .ratioAtMost(1))
  static let serveEventTime = Limit(
    name: "serve.events.time", measures: "from publishing to 99 of 100 of 10,000 clients", bound: .secondsBelow(0.2))
  static let remoteSingle = Limit(
    name: "remote.single", measures: "a flag for a client of OpenFeature's protocol, from request to response",
    bound: .secondsBelow(0.00005))

  /// All of them, in the order of the output.
  static let all = [
    validateTime, compileTime, validateMemory, compileMemory, validateGrowth, compileGrowth, testTime, writeTime,
    loadTime, loadAgainstNode, evaluatePrepared, evaluateStrings, evaluateAllocations, evaluateThreads, startVersion,
    startValidate, startGit, publishTime, killTime, verifyTime, swapLatency, historyFlag, historyFlagGraph,
    historyFlagBloom, historyLast, reviewFlag, reviewBudget, reviewSegment, serveBlob, serveGzip, serveUnchanged,
    serveMemory, serveStreamMemory, serveEvents, serveEventTime, remoteSingle,
  ]
}
