import Ensign
import FlagPublisher
import Foundation
import Testing

@testable import FlagServer

/// A store that is published to by hand, and one behind a server, of the same trust.
private struct TwoStores {
  let folder: String
  let near: PublishedStore
  let far: PublishedStore
  let key: SigningKey
  let strangers: PublishedStore

  static let now = Timestamp(milliseconds: 1_800_000_000_000)

  init() throws {
    let folder = NSTemporaryDirectory() + "publish-\(UInt64.random(in: .min ... .max))"
    self.folder = folder
    func store(_ name: String) -> PublishedStore {
      PublishedStore(files: DiskFiles(root: "\(folder)/\(name)"), name: name)
    }
    (near, far, strangers) = (store("near"), store("far"), store("strangers"))
    key = try SigningKey.generate()
    let root = try SigningKey.generate()
    var change = TrustChange()
    change.addedRoots = [root.publicKey]
    change.addedPublishers = [key.publicKey]
    var draft = try TrustDraft(
      change.first(expires: Timestamp(milliseconds: Self.now.milliseconds + 1_000_000_000)), after: nil)
    try draft.sign(with: root)
    for store in [near, far] { _ = try store.install(draft.envelope) }
    var other = TrustChange()
    other.addedRoots = [root.publicKey]
    other.addedPublishers = [try SigningKey.generate().publicKey]
    var foreign = try TrustDraft(
      other.first(expires: Timestamp(milliseconds: Self.now.milliseconds + 1_000_000_000)), after: nil)
    try foreign.sign(with: root)
    _ = try strangers.install(foreign.envelope)
  }

  static func snapshot(_ environment: String, _ number: Int) -> [UInt8] {
    Array(
      """
      {"environment":"\(environment)","flags":{"f":{"enabled":true,"off":"a","otherwise":{"variant":"a"},\
      "type":"integer","variants":{"a":\(number)}}},"format":1,"minimumReader":1,"project":"shop"}
      """.utf8)
  }

  /// Publishes near; returns the body to put far.
  func body(
    _ sequence: Int, environment: String = "production", after seconds: Int64 = 0, snapshot: [UInt8]? = nil
  ) throws -> [UInt8] {
    let commit = String(repeating: "\(sequence % 10)", count: 40)
    let bytes = snapshot ?? Self.snapshot(environment, sequence)
    let publisher = try Publisher(
      to: near, anchor: nil, keys: [key], compiler: .init(name: "ensign", version: "test"),
      now: Timestamp(milliseconds: Self.now.milliseconds + seconds * 1000), lifetime: 86_400_000)
    _ = try publisher.publish(
      Publication(
        project: "shop", source: .init(commit: commit, tree: commit, ref: "refs/heads/main"), sequence: sequence,
        snapshots: [.init(environment: environment, bytes: bytes, flagCount: 1, minimumReader: 1)]),
      isAncestor: { _ in true })
    let manifest = try #require(
      try near.files.read(StorePath.latest(environment: environment), limit: Envelope.maximumSize))
    return manifest + [UInt8(ascii: "\n")] + bytes
  }

  func latest(_ environment: String = "production") throws -> [UInt8]? {
    try far.files.read(StorePath.latest(environment: environment), limit: Envelope.maximumSize)
  }

  func put(
    _ body: [UInt8], _ headers: [(String, String)] = [("x-api-key", secret.text)], store: PublishedStore? = nil,
    method: String = "PUT", seconds: Int64 = 0
  ) -> Response {
    let request = Request(
      method: method, path: "/v1/publish", headers: headers.map { .init(name: $0.0, value: $0.1) }, body: body)
    let service = PublishService(store: store ?? far, anchor: nil) { Set($0.map(\.environment)) }
    return service.answer(
      request, access: Self.access, holder: Self.access.holder(of: request),
      now: Timestamp(milliseconds: Self.now.milliseconds + seconds * 1000))
  }

  static let secret = TokenSecret()
  static let reader = TokenSecret()
  static let access = AccessTable([
    AccessToken(name: "ci", scope: .publish, environments: ["production"], digest: secret.digest),
    AccessToken(name: "shop", scope: .read, environments: ["production"], digest: reader.digest),
  ])
}

@Suite("Publishing over HTTP")
struct PublishTests {
  private let stores: TwoStores

  init() throws { stores = try TwoStores() }

  @Test("takes what was signed, byte for byte, once")
  func published() throws {
    let body = try stores.body(1)
    let first = stores.put(body)
    #expect(first.status == 201 && first.result["outcome"] == "published" && first.result["sequence"] == 1)
    #expect(first.result["served"] == true)
    #expect(try stores.latest() == Array(body.prefix { $0 != UInt8(ascii: "\n") }))
    let digest = first.result["sha256"]?.string ?? ""
    for suffix in ["", ".gz", ".zst"] {
      #expect(try stores.far.files.read(StorePath.blob(sha256: digest) + suffix, limit: 1 << 20) != nil)
    }
    #expect(try stores.far.files.read("environments/production/manifests/1.1.json", limit: 1 << 16) != nil)
    #expect(stores.put(body).status == 200)
    let renewed = stores.put(try stores.body(1, after: 60), seconds: 60)
    #expect(renewed.status == 200 && renewed.result["outcome"] == "renewed")
    #expect(stores.put(try stores.body(2, after: 120), seconds: 120).status == 201)
    try FileManager.default.removeItem(atPath: stores.folder)
  }

  @Test("refuses what a client would refuse, and changes nothing")
  func refused() throws {
    let old = try stores.body(1)
    let body = try stores.body(2, after: 60)
    #expect(stores.put(body, seconds: 60).status == 201)
    let before = try stores.latest()
    func expect(_ response: Response, _ status: Int, _ code: String?, line: Int = #line) throws {
      let found = response.json["error"]?["code"]?.string
      #expect(response.status == status && found == code, "line \(line): \(response.json)")
      #expect(response.header("content-type") == "application/json")
      #expect(try stores.latest() == before)
    }
    try expect(stores.put(old, seconds: 60), 409, "notNewer")
    var tampered = try stores.body(3, after: 90)
    tampered[tampered.count - 30] ^= 1
    try expect(stores.put(tampered, seconds: 90), 422, "signatures")
    var forged = try stores.body(4, after: 95)
    let place = try #require(forged.firstRange(of: Array(#""sig":""#.utf8))?.upperBound)
    forged[place] = forged[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
    try expect(stores.put(forged, seconds: 95), 422, "signatures")
    try expect(stores.put(try stores.body(5, after: 99), seconds: 3 * 86_400), 422, "signatures")
    try expect(stores.put(body + body, seconds: 60), 400, "invalidRequest")
    let unreadable = try stores.body(6, after: 100, snapshot: Array(#"{"environment":"production"}"#.utf8))
    try expect(stores.put(unreadable, seconds: 100), 400, "invalidRequest")
    try expect(stores.put(Array("{}\n{}".utf8)), 400, "invalidRequest")
    try expect(stores.put(Array("{}".utf8)), 400, "invalidRequest")
    try expect(stores.put([]), 400, "invalidRequest")
    try expect(stores.put(body, store: stores.strangers), 422, "signatures")
    let lock = try stores.far.files.lock("publish.lock")
    let busy = stores.put(try stores.body(7, after: 200), seconds: 200)
    withExtendedLifetime(lock) {}
    #expect(busy.status == 503 && busy.header("retry-after") == "1")
    let nowhere = PublishedStore(files: DiskFiles(root: stores.folder + "/nowhere"), name: "nowhere")
    let untrusting = stores.put(body, store: nowhere)
    #expect(untrusting.status == 500 && !String(decoding: untrusting.body, as: UTF8.self).contains("nowhere"))
    try FileManager.default.removeItem(atPath: stores.folder)
  }

  @Test("is for holders of the right token only")
  func access() throws {
    let body = try stores.body(1)
    #expect(stores.put(body, []).status == 401)
    #expect(stores.put(body, [("x-api-key", "ensign-token-x")]).status == 401)
    #expect(stores.put(body, [("x-api-key", TwoStores.reader.text)]).status == 403)
    let staging = try stores.body(1, environment: "staging")
    #expect(stores.put(staging).status == 403)
    // Whoever may not is told nothing about the body.
    #expect(stores.put(Array("nonsense".utf8), []).status == 401)
    let open = PublishService(store: stores.far, anchor: nil, waitUntilServed: { _ in [] }).answer(
      Request(method: "PUT", path: "/v1/publish", body: body), access: .open, holder: .everyone, now: TwoStores.now)
    #expect(open.status == 401)
    #expect(stores.put(body, method: "POST").header("allow") == "PUT")
    #expect(
      stores.put(body, [("x-api-key", TwoStores.secret.text), ("content-encoding", "gzip")]).status == 415)
    #expect(try stores.latest() == nil)
    try FileManager.default.removeItem(atPath: stores.folder)
  }
}

extension Response {
  /// What became of the first environment.
  fileprivate var result: JSONValue { json["environments"]?[0] ?? .null }
}
