internal import CBench
internal import Glibc

/// Serving over HTTP, side by side with nginx: files under load of wrk, and events to many clients at once.
///
/// Both servers have the same files, in one run, in turns that alternate in who is first. nginx has one worker and the
/// server one thread, which is what each needs to keep a processor busy while wrk keeps another one; nginx answers from its
/// cache of open files. Streams are served by as many threads as the server takes by itself.
struct ServeBenchmark {
  private let options: Options
  private let rounds: Int
  private let streams: Int
  /// So many of the generated flags make a snapshot of about 100 KB.
  private static let flags = 100

  init(_ options: Options) {
    self.options = options
    rounds = options.rounds ?? 7
    streams = options.streams
  }

  /// Measures, and adds what it found.
  func run(into report: inout Report) throws {
    try PeerServers.install()
    try FileSystem.withTemporaryFolder { folder in
      let store = try ServedStore(options, flags: Self.flags, versions: 2 * rounds + 2, in: folder)
      let nginx = try PeerServers.startNginx(serving: store.path, in: folder)
      defer { nginx.stop() }
      try withServer(of: store, ["--threads", "1"], in: folder) { ensign, port in
        try measureFiles(store, nginx, ensign, port, into: &report)
      }
      try withServer(of: store, [], in: folder) { ensign, port in
        try measureStreams(store, nginx, ensign, port, into: &report)
      }
    }
  }

  private func withServer(
    of store: ServedStore, _ options: [String], in folder: String, _ body: (RunningProgram, Int) throws -> Void
  ) throws {
    let arguments = ["serve", store.path, "--trust", store.trust, "--port", "0"] + options
    let server = try RunningProgram(self.options.ensign, arguments, log: "\(folder)/serve.log")
    defer { server.stop() }
    let port = try server.port()
    try Load.wait(for: "/v1/environments/\(store.environment)/latest.json", at: port)
    try body(server, port)
  }

  // MARK: - Files

  private func measureFiles(
    _ store: ServedStore, _ nginx: RunningProgram, _ ensign: RunningProgram, _ port: Int, into report: inout Report
  ) throws {
    let path = "/v1/blobs/sha256/\(store.sha256)"
    let subjects: [(String, [String], [String], Limit)] = [
      ("snapshot of \(store.size / 1000) KB", [], [], .serveBlob),
      ("the same as gzip", ["Accept-Encoding: gzip"], ["Accept-Encoding: gzip"], .serveGzip),
      (
        "not modified", ["If-None-Match: \(try Load.tag(of: path, at: port))"],
        ["If-None-Match: \(try Load.tag(of: path, at: PeerServers.port))"], .serveUnchanged
      ),
    ]
    for (what, ours, theirs, limit) in subjects {
      var (mine, other) = ([Double](), [Double]())
      for round in 0...rounds {
        let turns = [(port, ours), (PeerServers.port, theirs)]
        let rates = try (round % 2 == 0 ? turns : turns.reversed())
          .map { try Load.requestsPerSecond(path, at: $0, fields: $1) }
        guard round > 0, let first = rates.first, let last = rates.last else { continue }
        mine.append(round % 2 == 0 ? first : last)
        other.append(round % 2 == 0 ? last : first)
      }
      let ratio = median(zip(mine, other).map { $0 / $1 })
      report.add(
        "requests a second, \(what)", .count(median(mine).rounded()), against: "nginx", .count(median(other).rounded()),
        ratio: ratio, limit: limit)
    }
    let (mine, other) = (ensign.residentBytes, nginx.residentBytes)
    report.add("memory after that", .bytes(mine), against: "nginx", .bytes(other), ratio: mine / other)
    report.add("memory above nginx's", .bytes(max(0, mine - other)), limit: .serveMemory)
  }

  // MARK: - Streams

  private func measureStreams(
    _ store: ServedStore, _ nginx: RunningProgram, _ ensign: RunningProgram, _ port: Int, into report: inout Report
  ) throws {
    let path = "/v1/environments/\(store.environment)/events"
    let mine = try EventClients(count: streams, path: path, port: port, greeting: "event: snapshot")
    defer { mine.close() }
    let (idle, silent) = (ensign.residentBytes, nginx.residentBytes)
    var delays: [[Double]] = []
    for version in 2..<(2 + rounds) {
      delays.append(try mine.delays(of: "id: 1.\(version)\n") { try store.publish(version) })
    }
    mine.close()
    let other = try EventClients(count: streams, path: "/events", port: PeerServers.port, greeting: "HTTP/1.1 200")
    defer { other.close() }
    var theirs: [[Double]] = []
    for version in 2..<(2 + rounds) {
      let data = #"{"epoch":1,"sequence":\#(version),"sha256":"\#(store.sha256)"}"#
      theirs.append(try other.delays(of: "\"sequence\":\(version),") { try Load.post(data, to: "/publish") })
    }
    let (last, lastOfNginx) = (delays.map { $0.last ?? 0 }, theirs.map { $0.last ?? 0 })
    report.add("\(streams) streams, memory", .bytes(idle), limit: .serveStreamMemory)
    report.add("nginx with nchan, memory before its streams", .bytes(silent))
    report.add(
      "publish to last of \(streams) clients", last, against: "nginx with nchan", lastOfNginx, limit: .serveEvents)
    report.add(
      "publish to 99 of 100 clients", .seconds(median(delays.map { $0[$0.count * 99 / 100] })), limit: .serveEventTime)
  }
}
