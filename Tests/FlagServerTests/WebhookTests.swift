import Ensign
import Foundation
import Synchronization
import Testing

@testable import FlagServer

@Suite("Webhooks")
struct WebhookTests {
  private let folder = NSTemporaryDirectory() + "webhooks-\(UInt64.random(in: .min ... .max))"

  private static let file = """
    # who is told
    audit json https://audit.example/hook secret=0123456789abcdef environments=production
    channel slack https://hooks.example/T0/B0 \t

    """

  private func targets() throws -> [WebhookTarget] { try WebhookFile.parse(Array(Self.file.utf8)) }

  /// What was sent, and what the next attempts get.
  private final class Wire: Sendable {
    struct Sent {
      let address: String
      let headers: [String]
      let body: [UInt8]
      var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
      var delivery: String {
        headers.first { $0.hasPrefix("X-Ensign-Delivery: ") }.map { String($0.dropFirst(19)) } ?? ""
      }
    }
    let sent = Mutex<[Sent]>([])
    let answers = Mutex<[Int]>([])

    func post(_ address: String, _ headers: [String], _ body: [UInt8]) throws(StoreError) -> Int {
      sent.withLock { $0.append(Sent(address: address, headers: headers, body: body)) }
      let answer = answers.withLock { $0.isEmpty ? 204 : $0.removeFirst() }
      if answer == 0 { throw StoreError(.unreachable, "nobody there") }
      return answer
    }

    func wait(for count: Int) async throws -> [Sent] {
      for _ in 0..<500 where sent.withLock({ $0.count }) < count { try await Task.sleep(for: .milliseconds(10)) }
      return sent.withLock { $0 }
    }
  }

  private func webhooks(
    _ wire: Wire, _ targets: [WebhookTarget], author: WebhookMessage.Author? = nil
  ) -> (Webhooks, Mutex<[UInt8]>.Box) {
    let log = Mutex<[UInt8]>.Box()
    var surroundings = Webhooks.Surroundings()
    surroundings.send = { address, headers, body throws(StoreError) in try wire.post(address, headers, body) }
    surroundings.firstPause = .milliseconds(5)
    surroundings.author = { _ in author }
    let webhooks = Webhooks(
      targets, files: DiskFiles(root: folder), log: ServerLog { line in log.value.withLock { $0 += line } },
      metrics: MetricRegistry(), surroundings)
    return (webhooks, log)
  }

  private func state(_ sequence: Int, on: Bool, environment: String = "production") throws -> ServedEnvironment {
    let flag = #"""
      "a":{"enabled":true,"metadata":{},"off":"off","otherwise":{"variant":"\#(on ? "on" : "off")"},\#
      "type":"boolean","variants":{"off":false,"on":true}}
      """#
    return try ServedShop.environment(environment, flags: flag, sequence: sequence)
  }

  // MARK: The file

  @Test("reads targets")
  func file() throws {
    let targets = try targets()
    #expect(targets.map(\.name) == ["audit", "channel"])
    #expect(targets.map(\.format) == [.json, .slack])
    #expect(targets[0].environments == ["production"] && targets[1].environments.isEmpty)
    #expect(targets[0].address == "https://audit.example/hook" && targets[1].secret.isEmpty)
  }

  @Test(
    "says where a line is wrong, and nothing of what is secret",
    arguments: [
      ("a json", "1: expected a name, json or slack, and an address"),
      ("\na/b json https://secret", "2: a name has letters"),
      ("a jsn https://secret", "1: the format is json or slack"),
      ("a slack ftp://secret", "1: the address begins with https:// or http://"),
      ("a slack https://secret\u{7f}", "1: the address begins with https:// or http://"),
      ("a json https://secret", "1: a json webhook has a secret of 16 characters at least"),
      ("a json https://secret secret=short-secret", "1: a json webhook has a secret of 16 characters at least"),
      ("a slack https://secret token=secret", "1: expected secret=… or environments=…"),
      ("a slack https://secret environments=x,", "1: environments= is followed by names"),
      ("a slack https://secret\na slack https://secret", "2: the name 'a' stands twice"),
    ])
  func errors(text: String, message: String) {
    #expect {
      try WebhookFile.parse(Array(text.utf8))
    } throws: { error in
      "\(error)".hasPrefix(message) && !"\(error)".contains("//secret") && !"\(error)".contains("short-secret")
    }
  }

  @Test("are signed as RFC 4231 has it")
  func signature() {
    let target = WebhookTarget(name: "a", format: .json, address: "", secret: Array("Jefe".utf8), environments: [])
    #expect(
      target.signature(of: Array("what do ya want for nothing?".utf8))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  // MARK: Messages

  @Test("tell what means something else")
  func messages() async throws {
    let wire = Wire()
    let targets = try targets()
    let (webhooks, _) = webhooks(wire, targets, author: .init(name: "Ann <ann>", email: "ann@example.com"))
    #expect(webhooks.start() == 0)
    defer { webhooks.stop() }
    webhooks.announce(try state(7, on: false), manifest: nil)
    webhooks.announce(try state(7, on: false), manifest: nil)
    let commit = String(repeating: "a", count: 40)
    let manifest = Manifest(
      project: "shop", environment: "production", epoch: 1, sequence: 8, created: .now(), expires: .now(),
      source: .init(commit: commit, tree: commit, ref: "refs/heads/main"),
      compiler: .init(name: "ensign", version: "test"),
      snapshot: .init(sha256: "", size: 0, flags: 1, minimumReader: 1))
    webhooks.announce(try state(8, on: true), manifest: manifest)
    let sent = try await wire.wait(for: 2)
    #expect(sent.count == 2)
    let audit = try #require(sent.first { $0.address == targets[0].address })
    #expect(
      audit.headers == [
        "Content-Type: application/json", "X-Ensign-Event: snapshot", "X-Ensign-Delivery: production-1.8",
        "X-Ensign-Signature-256: sha256=\(targets[0].signature(of: audit.body))",
      ])
    #expect(audit.json["version"] == "1.8" && audit.json["previousVersion"] == "1.7")
    #expect(audit.json["source"]?["commit"]?.string == commit && audit.json["author"]?["email"] == "ann@example.com")
    #expect(
      audit.json["changes"]?[0]
        == [
          "after": ["variant": "on"], "before": ["variant": "off"], "flag": "a", "path": "otherwise",
          "text": "otherwise off → on",
        ])
    let channel = try #require(sent.first { $0.address == targets[1].address })
    #expect(!channel.headers.contains { $0.hasPrefix("X-Ensign-Signature") })
    #expect(
      channel.json["text"]
        == "*shop production* is at 1.8, commit aaaaaaaaaaaa by Ann &lt;ann&gt;\n• a: otherwise off → on")
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test("name nobody's keys")
  func keys() async throws {
    let wire = Wire()
    let (webhooks, _) = webhooks(wire, [try targets()[0]])
    #expect(webhooks.start() == 0)
    defer { webhooks.stop() }
    webhooks.announce(try state(1, on: false), manifest: nil)
    webhooks.announce(try ServedShop.environment(sequence: 2), manifest: nil)
    let sent = try await wire.wait(for: 1)
    for change in sent[0].json["changes"]?.array ?? [] { #expect(change["path"] == "") }
    #expect(!String(decoding: sent[0].body, as: UTF8.self).contains("user-1"))
    try? FileManager.default.removeItem(atPath: folder)
  }

  // MARK: Delivery

  @Test("come again until they are taken, in order, over a restart")
  func delivery() async throws {
    let wire = Wire()
    let target = [try targets()[0]]
    wire.answers.withLock { $0 = [500, 0, 302, 200, 410] }
    let (first, log) = webhooks(wire, target)
    first.announce(try state(1, on: false), manifest: nil)
    for sequence in 2...4 { first.announce(try state(sequence, on: sequence % 2 == 0), manifest: nil) }
    // Of an environment that the target is not told of.
    for sequence in 1...2 {
      first.announce(try state(sequence, on: sequence == 2, environment: "staging"), manifest: nil)
    }
    #expect(first.start() == 0)
    _ = try await wire.wait(for: 5)
    first.stop()
    // The same again, by another process: it goes on where the first was stopped.
    let (second, _) = webhooks(wire, target)
    second.announce(try state(4, on: true), manifest: nil)
    second.announce(try state(5, on: false), manifest: nil)
    #expect(second.start() == 0)
    defer { second.stop() }
    for _ in 0..<500 {
      if wire.sent.withLock({ $0.last?.delivery }) == "production-1.5" { break }
      try await Task.sleep(for: .milliseconds(10))
    }
    let deliveries = wire.sent.withLock { $0.map(\.delivery) }
    #expect(Array(deliveries.prefix(5)) == ["1.2", "1.2", "1.2", "1.2", "1.3"].map { "production-\($0)" })
    var order: [String] = []
    for delivery in deliveries where order.last != delivery { order.append(delivery) }
    #expect(order == (2...5).map { "production-1.\($0)" })
    let text = String(decoding: log.value.withLock { $0 }, as: UTF8.self)
    #expect(text.contains("HTTP status 500") && text.contains("does not answer") && text.contains("HTTP status 302"))
    #expect(!text.contains("audit.example") && !text.contains("0123456789abcdef"))
    try? FileManager.default.removeItem(atPath: folder)
  }

  @Test("that were queued before a crash are not queued twice")
  func crash() throws {
    let queue = WebhookQueue(files: DiskFiles(root: folder), target: "a")
    #expect(try queue.add([1], delivery: "production-1.8") && queue.add([2], delivery: "x-production-1.8"))
    #expect(try queue.add([2], delivery: "x-production-1.8"))
    #expect(try queue.add([3], delivery: "production-1.8"))
    var bodies: [[UInt8]] = []
    while let entry = try queue.first() {
      bodies.append(entry.body)
      try queue.remove(entry)
    }
    #expect(bodies == [[1], [2], [3]])
    try? FileManager.default.removeItem(atPath: folder)
  }
}

extension Mutex where Value == [UInt8] {
  /// A mutex that a test and a closure share.
  final class Box: Sendable {
    let value = Mutex<[UInt8]>([])
  }
}
