internal import Ensign
internal import FlagServer

/// Evaluations for clients of OpenFeature's protocol: from the bytes of a request to those of the response, without the
/// network.
struct RemoteBenchmark {
  private let turns: Int
  private let service = OFREPService(.init(defaultEnvironment: "production"))
  private let table: EnvironmentTable
  private let snapshot: Snapshot
  private let single: [Request]
  private let bulk: [Request]
  private let contexts: [Context]

  /// How many flags are evaluated at once.
  private static let flags = 1000
  /// How many requests of each kind a turn has.
  private static let (singles, bulks) = (5000, 20)

  init(_ options: Options) throws {
    turns = options.rounds ?? 31
    let bytes = try Self.document(flags: Self.flags)
    snapshot = try Snapshot(bytes)
    table = EnvironmentTable([
      try ServedEnvironment(
        snapshot: snapshot, bytes: bytes, sha256: SHA256.hexadecimal(bytes), epoch: 1, sequence: 412, isStale: false,
        isSigned: true)
    ])
    let bodies = Visitor.make(Self.singles, seed: options.seed).map(\.body)
    let path = "/ofrep/v1/evaluate/flags"
    single = bodies.map { Self.request("\(path)/checkout-v2", $0) }
    bulk = bodies.prefix(Self.bulks).map { Self.request(path, $0) }
    contexts = Visitor.make(Self.bulks, seed: options.seed).map(\.context)
  }

  /// As the client in Python sends it.
  private static func request(_ path: String, _ body: [UInt8]) -> Request {
    let headers = [
      ("host", "flags.example.com"), ("user-agent", "python-requests/2.34.2"), ("accept-encoding", "gzip, deflate"),
      ("accept", "*/*"), ("connection", "keep-alive"), ("content-length", "\(body.count)"),
      ("content-type", "application/json"),
    ]
    return Request(
      method: "POST", path: path, headers: headers.map { Request.Header(name: $0.0, value: $0.1) }, body: body,
      client: "127.0.0.1")
  }

  /// The snapshot of the evaluation's benchmark with more flags of the kind.
  private static func document(flags count: Int) throws -> [UInt8] {
    let document = try JSONValue(parsing: EvaluationBenchmark.document)
    guard let members = document.object, let flag = document["flags"]?["checkout-v2"] else {
      throw Failure("the snapshot has no flag checkout-v2")
    }
    let keys = ["checkout-v2"] + (1..<count).map { "flag-\($0)" }
    let flags = keys.sorted(by: CanonicalJSON.precedes).map { JSONValue.Member(key: $0, value: flag) }
    return JSONValue.object(members.map { $0.key == "flags" ? .init(key: "flags", value: .object(flags)) : $0 })
      .canonicalBytes
  }

  func run(into report: inout Report) throws {
    let times = try inTurns(
      turns, { try seconds { try answer(single) } }, { try seconds { try answer(bulk) } },
      { try seconds { evaluate() } })
    report.add(
      "evaluate a flag for a remote client", .seconds(median(times[0]) / Double(Self.singles)), limit: .remoteSingle)
    report.add(
      "evaluate 1,000 flags for a remote client", times[1], against: "evaluating them alone", times[2],
      operations: Self.bulks)
  }

  private func answer(_ requests: [Request]) throws {
    for request in requests {
      let response = service.answer(request, from: table, access: .open, holder: .everyone)
      guard response.status == 200 else { throw Failure("the service answers \(response.status)") }
    }
  }

  private func evaluate() -> Int {
    contexts.reduce(0) { $0 + snapshot.evaluateAll(in: $1).count }
  }
}

extension Visitor {
  /// The request of a client that evaluates for this visitor.
  fileprivate var body: [UInt8] {
    let members: [JSONValue.Member] = [
      .init(key: "targetingKey", value: .string(targetingKey)), .init(key: "country", value: .string(country)),
      .init(key: "age", value: .integer(Int64(age))), .init(key: "email", value: .string(email)),
      .init(key: "plan", value: .string(plan)),
    ]
    let text = members.map { "\(JSONValue.string($0.key)):\($0.value)" }.joined(separator: ",")
    return Array("{\"context\":{\(text)}}".utf8)
  }
}
