internal import Dispatch
internal import Ensign
internal import FlagCompiler
internal import FlagSource
internal import Glibc
internal import Synchronization

/// How long single evaluations take while a client swaps large snapshots, against the same without.
struct SwapBenchmark {
  private let options: Options
  private let rounds: Int

  /// How many updates there are in a turn.
  private static let updates = 10
  /// Evaluations of a turn that are kept; a turn has more only on a machine that is very fast.
  private static let capacity = 20_000_000

  /// - Parameter options: `flags` is the number of flags of the snapshot.
  init(_ options: Options) {
    self.options = options
    rounds = options.rounds ?? 5
  }

  func run(into report: inout Report) throws {
    try FileSystem.withTemporaryFolder { folder in
      try GeneratedRepository(options, flags: options.flags, folder: folder).write(commits: false)
      guard let tree = try Validation.run(WorkingTreeFiles(root: "\(folder)/flags")).checked,
        let environment = tree.tree.manifest.environments.last?.value
      else { throw Failure("the generated tree has errors") }
      let document = try SnapshotCompiler.compile(tree, environment: environment)
      let store = try BenchmarkStore(folder: "\(folder)/store", document, environment: environment)
      try measure(store, document, into: &report)
    }
  }

  private func measure(_ store: BenchmarkStore, _ document: [UInt8], into report: inout Report) throws {
    let client = try store.client()
    defer { client.close() }
    try store.publish()
    guard client.update().status == .current else { throw Failure("the first update failed: \(client.report.message)") }
    guard let keys = client.snapshot?.flagKeys.filter({ client.snapshot?.flag($0)?.type == .boolean }), !keys.isEmpty
    else { throw Failure("the snapshot has no boolean flag") }
    // Turn by turn: nobody else works, somebody loads snapshots and throws them away, a client swaps them.
    var turns = [Latencies(), Latencies(), Latencies()]
    var updates: [Double] = []
    for round in 0...rounds {
      var swapping: [Double] = []
      let swaps = try latencies(client, keys) {
        for _ in 0..<Self.updates {
          try store.publish()
          swapping.append(try seconds { try store.update(client) })
        }
      }
      let length = swaps.seconds
      let idle = try latencies(client, keys) { usleep(UInt32(length * 1e6)) }
      let loads = try latencies(client, keys) {
        let end = Clock.now + length
        while Clock.now < end { _ = try Snapshot(document) }
      }
      guard round > 0 else { continue }
      for (index, turn) in [idle, loads, swaps].enumerated() { turns[index].add(turn) }
      updates += swapping
    }
    for index in turns.indices { turns[index].sort() }
    report.add("update of \(options.flags) flags, from the store to the swap", .seconds(median(updates)))
    for (name, share, limit) in [
      ("p50", 0.5, nil), ("p99", 0.99, Limit.swapLatency), ("p99.9", 0.999, nil), ("longest", 1, nil),
    ] {
      let (idle, loads, swaps) = (turns[0].percentile(share), turns[1].percentile(share), turns[2].percentile(share))
      report.add(
        "an evaluation during swaps, \(name)", .seconds(swaps), against: "without", .seconds(idle),
        ratio: swaps / idle, limit: limit)
      report.add(
        "an evaluation during swaps, \(name)", .seconds(swaps), against: "while snapshots are loaded", .seconds(loads),
        ratio: swaps / loads)
    }
  }

  /// The time of each evaluation on this thread, one after the other, for as long as `work` takes on another.
  ///
  /// Each begins when the one before has ended, so that no pause falls between them.
  private func latencies(_ client: Client, _ keys: [String], during work: @escaping () throws -> Void) throws
    -> Latencies
  {
    let isOver = Atomic(false)
    let failure = Mutex<String?>(nil)
    var found = Latencies()
    found.reserve(Self.capacity)
    nonisolated(unsafe) let work = work
    nonisolated(unsafe) var latencies = found
    let context: Context = ["targetingKey": "somebody", "country": "DE", "plan": "pro", "age": 41]
    DispatchQueue.concurrentPerform(iterations: 2) { thread in
      if thread == 0 {
        do { try work() } catch { failure.withLock { $0 = "\(error)" } }
        isOver.store(true, ordering: .releasing)
        return
      }
      var index = 0
      var last = Self.nanoseconds()
      while !isOver.load(ordering: .relaxed), latencies.count < Self.capacity {
        let isOn = client.boolean(keys[index], in: context, default: false)
        withExtendedLifetime(isOn) {}
        let now = Self.nanoseconds()
        latencies.append(now - last)
        last = now
        index = index + 1 == keys.count ? 0 : index + 1
      }
    }
    if let failure = failure.withLock({ $0 }) { throw Failure(failure) }
    return latencies
  }

  @inline(__always)
  private static func nanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

/// Times of single evaluations, in nanoseconds.
private struct Latencies {
  private var nanoseconds: [UInt32] = []

  var count: Int { nanoseconds.count }
  /// All of them together.
  var seconds: Double { Double(nanoseconds.reduce(UInt64(0)) { $0 + UInt64($1) }) / 1e9 }

  mutating func reserve(_ count: Int) { nanoseconds.reserveCapacity(count) }

  @inline(__always)
  mutating func append(_ time: UInt64) { nanoseconds.append(UInt32(clamping: time)) }

  mutating func add(_ other: Latencies) { nanoseconds += other.nanoseconds }

  mutating func sort() { nanoseconds.sort() }

  /// The time that a share of the evaluations does not exceed, in seconds; they are sorted.
  func percentile(_ share: Double) -> Double {
    guard let last = nanoseconds.last else { return 0 }
    let index = Int(share * Double(nanoseconds.count))
    return Double(index < nanoseconds.count ? nanoseconds[index] : last) / 1e9
  }
}

/// A store in a folder, which publishes two snapshots in turns.
private final class BenchmarkStore {
  private let files: DiskFiles
  private let folder: String
  private let key: SigningKey
  private let trust: [UInt8]
  private let documents: [[UInt8]]
  private let digests: [String]
  private let snapshot: Snapshot
  private var sequence = 0

  init(folder: String, _ document: [UInt8], environment: String) throws {
    self.folder = folder
    files = DiskFiles(root: folder)
    key = try SigningKey.generate()
    let role = TrustFile.Role(keyIDs: [key.publicKey.id], threshold: 1)
    let file = TrustFile(
      version: 1, epoch: 1, expires: Self.tomorrow, keys: [key.publicKey.id: key.publicKey], root: role, publish: role)
    trust = Self.sealed(file.payload, TrustFile.payloadType, by: key)
    // A document is JSON, so that a space after it makes it another one of the same meaning.
    documents = [document, document + [0x20]]
    digests = documents.map { SHA256.hexadecimal($0) }
    snapshot = try Snapshot(document)
    for (document, digest) in zip(documents, digests) {
      try files.replace(StorePath.blob(sha256: digest), with: document, mode: 0o644)
    }
  }

  private static var tomorrow: Timestamp { Timestamp(milliseconds: Timestamp.now().milliseconds + 86_400_000) }

  private static func sealed(_ payload: [UInt8], _ type: String, by key: SigningKey) -> [UInt8] {
    var envelope = Envelope(payload: payload, payloadType: type)
    envelope.sign(with: key)
    return envelope.bytes
  }

  /// A client of the store that keeps nothing.
  func client() throws -> Client {
    try Client(
      Client.Configuration(
        project: snapshot.project, environment: snapshot.environment, store: folder, trust: trust))
  }

  /// Publishes the other one of the two.
  func publish() throws {
    sequence += 1
    let index = sequence % documents.count
    let manifest = Manifest(
      project: snapshot.project, environment: snapshot.environment, epoch: 1, sequence: sequence, created: .now(),
      expires: Self.tomorrow,
      source: .init(
        commit: String(repeating: "a", count: 40), tree: String(repeating: "b", count: 40), ref: "refs/heads/main"),
      compiler: .init(name: "ensign-bench", version: "0"),
      snapshot: .init(
        sha256: digests[index], size: documents[index].count, flags: snapshot.count, minimumReader: 1))
    try files.replace(
      StorePath.latest(environment: snapshot.environment),
      with: Self.sealed(manifest.payload, Manifest.payloadType, by: key), mode: 0o644)
  }

  /// Has a client take over what was published.
  func update(_ client: Client) throws {
    let report = client.update()
    guard report.status == .current, report.sequence == sequence else {
      throw Failure("the update failed: \(report.status), \(report.message)")
    }
  }
}
