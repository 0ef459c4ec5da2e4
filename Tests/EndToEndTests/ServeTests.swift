import Compression
import Ensign
import Foundation
import Testing

@testable import ensign

@Suite("serve")
struct ServeTests {
  private let store: SignedStore
  private let latest = "/v1/environments/production/latest.json"

  init() throws { store = try SignedStore() }

  private func server(_ options: String...) throws -> RunningServer {
    try RunningServer(options, in: store.folder)
  }

  /// A server of the store, which serves.
  private func storeServer() async throws -> RunningServer {
    let server = try server("store", "--trust", "trust.json", "--default-environment", "production")
    try await server.wait(for: "/readyz") { $0.status == 200 }
    return server
  }

  @Test("hands out the files of the store as they are, with validators")
  func files() async throws {
    let snapshot = try store.publish(sequence: 3)
    try store.publish("staging", sequence: 1)
    let server = try await storeServer()
    try await server.wait(for: "/v1/environments/staging/latest.json") { $0.status == 200 }
    let digest = SHA256.hexadecimal(Array(snapshot.utf8))
    let manifest = try server.get(latest)
    #expect(manifest.text == (try store.latest()))
    #expect(manifest.fields["etag"] == "\"\(SHA256.hexadecimal(manifest.body))\"")
    #expect(manifest.fields["cache-control"] == "max-age=10, stale-if-error=86400")
    #expect(manifest.fields["content-type"] == "application/json")
    #expect(try server.get(latest, ["If-None-Match": manifest.fields["etag"] ?? ""]).status == 304)
    for path in ["/v1/blobs/sha256/\(digest)", "/v1/environments/production/snapshot.json"] {
      let blob = try server.get(path)
      #expect(blob.text == snapshot)
      #expect(blob.fields["etag"] == "\"\(digest)\"")
      let zipped = try server.get(path, ["Accept-Encoding": "gzip"])
      #expect(zipped.fields["content-encoding"] == "gzip")
      #expect(try Gzip.decompress(zipped.body, limit: 10_000) == blob.body)
      let frame = try server.get(path, ["Accept-Encoding": "gzip, zstd"])
      #expect(frame.fields["content-encoding"] == "zstd")
      #expect(try Zstandard.decompress(frame.body, limit: 10_000) == blob.body)
      #expect(try server.get(path, method: "HEAD").fields["content-length"] == String(blob.body.count))
      #expect(try server.get(path, method: "HEAD").body.isEmpty)
      #expect(try server.get(path, ["Range": "bytes=1-3"]).text == "\"at")
    }
    #expect(
      try server.get("/v1/blobs/sha256/\(digest)").fields["cache-control"] == "max-age=31536000, immutable")
    #expect(try server.get("/v1/trust/1.json").text == (try store.folder.read("trust.json")))
    #expect(try server.get("/v1/trust/2.json").status == 404)
    #expect(try server.get("/v1/environments.json").text == #"{"environments":["production","staging"]}"#)
  }

  @Test(
    "has nothing beside what was verified",
    arguments: [
      "/", "/v1", "/v1/", "/v1/publish.lock", "/v1/../trust.json", "/v1/%2e%2e/trust.json", "/v1/..%2ftrust.json",
      "/v1/trust/01.json", "/v1/trust/1.json/", "/v1//trust/1.json", "/v1/trust/1.json%00", "/v1/trust/%31.json",
      "/v1/environments/../trust/1.json", "/v1/environments/nope/latest.json", "/v1/environments/nope/events",
      "/v1/blobs/sha256/" + String(repeating: "0", count: 64), "/etc/passwd", "//etc/passwd",
    ])
  func nothingElse(path: String) async throws {
    try store.publish(sequence: 1)
    let server = try await storeServer()
    let answer = try server.get(path)
    #expect(answer.status == 404)
    #expect(answer.text.hasPrefix("{") && !answer.text.contains("root:"))
  }

  @Test("keeps serving when the store is damaged, and says what is wrong")
  func damagedStore() async throws {
    try store.publish(sequence: 10)
    let server = try await storeServer()
    let file = "environments/production/latest.json"
    let damages: [(String, () throws -> Void)] = [
      ("MALFORMED", { try store.replace(file, with: "{}") }),
      ("MALFORMED", { try store.replace(file, with: "") }),
      ("ROLLBACK", { try store.publish(sequence: 4) }),
      ("EQUIVOCATION", { try store.publish(sequence: 50, owner: "other") }),
      ("UNTRUSTED", { try store.publish(sequence: 99, by: store.stranger) }),
      ("UNREACHABLE", { try FileManager.default.removeItem(atPath: store.folder / "store/\(file)") }),
    ]
    for (index, (status, damage)) in damages.enumerated() {
      let sequence = 10 * (index + 2)
      try store.publish(sequence: sequence)
      try await server.wait(for: "/healthz") { $0.text.contains("\"green\"") && $0.text.contains("\"1.\(sequence)\"") }
      let good = try server.get(latest)
      try damage()
      try await server.wait(for: "/healthz") {
        $0.text.contains("\"status\":\"\(status)\"") && $0.text.contains("\"red\"")
      }
      #expect(try server.get("/readyz").status == 200)
      let answer = try server.get(latest)
      #expect(answer.body == good.body && answer.fields["etag"] == good.fields["etag"])
    }
    #expect(server.messages.contains(#""status":"UNTRUSTED""#))
    try store.publish(sequence: 90)
    try await server.wait(for: "/healthz") { $0.text.contains("\"green\"") && $0.text.contains("\"1.90\"") }
  }

  @Test("tells of a manifest that has the snapshot of the one before, signed in the same second")
  func sameSnapshot() async throws {
    try store.publish(sequence: 1, owner: "same")
    let server = try await storeServer()
    for sequence in 2...9 {
      try store.publish(sequence: sequence, owner: "same")
      try await server.wait(for: "/healthz") { $0.text.contains("\"1.\(sequence)\"") }
    }
  }

  @Test("hands out what the manifests before the newest name, and no more")
  func earlierManifests() async throws {
    try store.publish(sequence: 1)
    let server = try await storeServer()
    var (manifests, digests) = ([try store.latest()], [try digest(1)])
    for sequence in 2...4 {
      try store.publish(sequence: sequence)
      try await server.wait(for: "/healthz") { $0.text.contains("\"1.\(sequence)\"") }
      manifests.append(try store.latest())
      digests.append(try digest(sequence))
    }
    for (index, manifest) in manifests.enumerated() {
      let answer = try server.get("/v1/environments/production/manifests/1.\(index + 1).json")
      let blob = try server.get("/v1/blobs/sha256/\(digests[index])", method: "HEAD")
      #expect(answer.status == (index == 0 ? 404 : 200) && blob.status == answer.status, "\(index + 1)")
      if index > 0 { #expect(answer.text == manifest, "\(index + 1)") }
    }
  }

  private func digest(_ sequence: Int) throws -> String {
    SHA256.hexadecimal(Array(SignedStore.snapshot("production", owner: "team-\(sequence)").utf8))
  }

  @Test("answers a publication when it serves it, in new environments too")
  func publications() throws {
    let token = try token(of: "production", "staging")
    let server = try server("store", "--trust", "trust.json", "--tokens", "tokens")
    let publisher = try SignedStore()
    for sequence in 1...21 {
      let environment = sequence == 11 ? "staging" : "production"
      let snapshot = try publisher.publish(environment, sequence: sequence)
      let manifest = try publisher.latest(environment)
      let answer = try server.put("\(manifest)\n\(snapshot)", to: "/v1/publish", token)
      let newest = try server.get("/v1/environments/\(environment)/latest.json", token)
      #expect(answer.status == 201 && answer.text.contains(#""served":true"#), "\(answer.text)\n\(server.messages)")
      #expect(newest.text == manifest, "\(sequence)")
    }
  }

  @Test("says that nothing is published yet where it waits for that, and takes the first publication")
  func firstPublication() async throws {
    let token = try token(of: "production")
    let server = try server("store", "--trust", "trust.json", "--tokens", "tokens", "--environment", "production")
    // So long that pauses after failures would be longer than a publisher waits, if they grew.
    try await Task.sleep(for: .seconds(8))
    #expect(server.messages.contains("UNREACHABLE"))
    let answer = try server.get(latest, token)
    #expect(answer.status == 404 && answer.text.contains("nothing is published"), "\(answer.text)")
    let publisher = try SignedStore()
    let snapshot = try publisher.publish(sequence: 1)
    let taken = try server.put("\(try publisher.latest())\n\(snapshot)", to: "/v1/publish", token)
    #expect(taken.status == 201 && taken.text.contains(#""served":true"#), "\(taken.text)")
    #expect(try server.get(latest, token).text == publisher.latest())
  }

  @Test("takes a publication that it does not serve, and says so")
  func unservedPublication() throws {
    try store.publish(sequence: 1)
    let token = try token(of: "staging")
    let server = try server("store", "--trust", "trust.json", "--tokens", "tokens", "--environment", "production")
    let publisher = try SignedStore()
    let snapshot = try publisher.publish("staging", sequence: 1)
    let start = Date()
    let answer = try server.put("\(try publisher.latest("staging"))\n\(snapshot)", to: "/v1/publish", token)
    #expect(answer.status == 201 && answer.text.contains(#""served":false"#))
    #expect(Date().timeIntervalSince(start) < 4)
    #expect(try store.latest("staging") == publisher.latest("staging"))
  }

  /// The fields with a new token that may publish environments.
  private func token(of environments: String...) throws -> [String: String] {
    let made = run(
      ["token", "new", "--scope", "publish", "--tokens", "tokens"] + environments.flatMap { ["--environment", $0] },
      in: store.folder.path)
    return ["Authorization": "Bearer \(try #require(made.output.split(separator: "\n").last))"]
  }

  @Test("follows the chain of trust, in old and new versions")
  func trustChain() async throws {
    try store.publish(sequence: 5)
    try store.addTrust(version: 2)
    try store.folder.write(try store.folder.read("store/trust/2.json"), to: "trust.json")
    let server = try await storeServer()
    try await server.wait(for: "/v1/trust/1.json") { $0.status == 200 }
    #expect(try server.get("/v1/trust/2.json").status == 200)
    try store.addTrust(version: 3, epoch: 2)
    try store.publish(sequence: 1, epoch: 2)
    try await server.wait(for: "/healthz") { $0.text.contains("\"2.1\"") && $0.text.contains("\"green\"") }
    #expect(try server.get("/v1/trust/3.json").text == (try store.folder.read("store/trust/3.json")))
  }

  @Test("serves what has expired, and is not ready")
  func stale() async throws {
    try store.publish(sequence: 1, expiresIn: -1)
    let server = try server("store", "--trust", "trust.json")
    try await server.wait(for: "/readyz") {
      $0.status == 503 && $0.text.contains("STALE") && $0.text.contains("\"1.1\"")
    }
    #expect(try server.get(latest).text == (try store.latest()))
  }

  @Test("waits for news with who asks for that")
  func longPoll() async throws {
    try store.publish(sequence: 1)
    let server = try await storeServer()
    let tag = try #require(try server.get(latest).fields["etag"])
    let start = Date()
    // At most two seconds, and more than one: the server counts its own seconds.
    #expect(try server.get(latest, ["If-None-Match": tag, "Prefer": "respond-async, wait=2"]).status == 304)
    #expect(Date().timeIntervalSince(start) > 0.9)
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) { _ = try? self.store.publish(sequence: 2) }
    let news = try server.get(latest, ["If-None-Match": tag, "Prefer": "wait=20"])
    #expect(news.status == 200)
    #expect(news.text == (try store.latest()))
    #expect(Date().timeIntervalSince(start) < 15)
  }

  @Test("stands behind itself: a relay of a relay has the same bytes within a second, and goes on alone")
  func relays() async throws {
    try store.publish(sequence: 1)
    let server = try await storeServer()
    let middle = try self.server("--follow", server.store, "--trust", "trust.json")
    try await middle.wait(for: "/readyz") { $0.status == 200 }
    let options = ["--follow", middle.store, "--trust", "trust.json", "--state", "state"]
    let last = try RunningServer(options, in: store.folder)
    try await last.wait(for: "/readyz") { $0.status == 200 }
    let snapshot = try store.publish(sequence: 2)
    let digest = SHA256.hexadecimal(Array(snapshot.utf8))
    try await last.wait(for: latest, within: 1) { $0.text == (try? store.latest()) }
    for path in [latest, "/v1/blobs/sha256/\(digest)", "/v1/trust/1.json"] {
      let (near, far) = (try server.get(path), try last.get(path))
      #expect(near.body == far.body && near.fields["etag"] == far.fields["etag"], "\(path)")
    }
    let pulled = ensign(
      "pull", last.store, "-e", "production", "--trust", "trust.json", "--into", "out", in: store.folder.path)
    #expect(pulled.status == 0, "\(pulled)")
    #expect(try store.folder.read("out/snapshot.json") == snapshot)
    #expect(middle.terminate() == 0)
    try await last.wait(for: "/healthz") { $0.text.contains("UNREACHABLE") }
    #expect(try last.get("/readyz").status == 200)
    last.kill(SIGKILL)
    let again = try RunningServer(options, in: store.folder)
    try await again.wait(for: latest) { $0.text == (try? store.latest()) }
  }

  @Test("serves what it verified last, at whatever moment it was killed")
  func killed() async throws {
    let options = ["store", "--trust", "trust.json", "--state", "state"]
    for round in 1...6 {
      try store.publish(sequence: 2 * round)
      let server = try RunningServer(options, in: store.folder)
      try await server.wait(for: "/healthz") { $0.text.contains("\"1.\(2 * round)\"") }
      let before = try store.latest()
      try store.publish(sequence: 2 * round + 1)
      usleep(UInt32(round * 2000))
      server.kill(SIGKILL)
      let after = try store.latest()
      // The store is of no use any more: what the server has is all there is.
      try store.replace("environments/production/latest.json", with: "damaged")
      let again = try RunningServer(options, in: store.folder)
      try await again.wait(for: latest) { $0.text == before || $0.text == after }
      try await again.wait(for: "/healthz") { $0.text.contains("MALFORMED") }
      #expect(again.terminate() == 0)
      try store.replace("environments/production/latest.json", with: after)
    }
  }

  @Test("compiles the working tree, and says so with everything")
  func development() async throws {
    _ = ensign("init", "--project", "acme", in: store.folder.path)
    let server = try server("--dev")
    for path in ["/healthz", "/v1/environments/production/snapshot.json", "/nothing"] {
      #expect(try server.get(path).fields["ensign-development"] == "unsigned")
    }
    #expect(try server.get(latest).status == 404)
    let before = try server.get("/v1/environments/production/snapshot.json")
    let name = "flags/environments/production/welcome-banner.yaml"
    let text = try store.folder.read(name)
    try store.folder.write(text.replacing("on: 10, off: 90", with: "on: 20, off: 80"), to: name)
    try await server.wait(for: "/v1/environments/production/snapshot.json") { $0.body != before.body }
    try store.folder.write("nothing: of use", to: name)
    try await server.wait(for: "/healthz") {
      $0.text.contains("MALFORMED") && $0.text.contains("welcome-banner.yaml:1:1")
    }
    #expect(try server.get("/v1/environments/production/snapshot.json").status == 200)
  }

  @Test("gives a token of one environment nothing of another, not even whether there is one")
  func tokens() async throws {
    try store.publish(sequence: 1)
    try store.publish("staging", sequence: 1)
    let token = try token(of: "staging")
    let server = try server("store", "--trust", "trust.json", "--tokens", "tokens")
    // It may be ready with one environment before it has the other.
    try await server.wait(for: "/v1/environments/staging/latest.json", token) { $0.status == 200 }
    let files = ["latest.json", "snapshot.json", "flagd.json", "manifest.json", "manifests/1.1.json", "nothing"]
    let flag = "/ofrep/v1/evaluate/flags/banner"
    for file in files + ["events"] {
      let other = try server.get("/v1/environments/production/\(file)", token)
      #expect(other.status == 403, "\(file)")
      #expect(other.text == (try server.get("/v1/environments/nowhere/\(file)", token).text))
      #expect(try server.get("/v1/environments/production/\(file)").status == 401, "\(file)")
    }
    for file in files.dropLast() {
      #expect(try server.get("/v1/environments/staging/\(file)", token).status == 200, "\(file)")
    }
    #expect(try server.get("/production" + flag, token, method: "POST").status == 403)
    #expect(try server.get("/staging" + flag, token, method: "POST").status == 200)
    for path in ["/healthz", "/metrics", "/v1/environments.json"] {
      let text = try server.get(path, token).text
      #expect(text.contains("staging") && !text.contains("production"), "\(path)")
    }
    #expect(try server.get("/metrics").status == 401)
    #expect(!server.messages.contains(try #require(token["Authorization"]).dropFirst("Bearer ".count)))
  }

  @Test("ends with the answers in progress, and reads its tokens again")
  func signals() throws {
    try store.publish(sequence: 1)
    try store.folder.write("", to: "tokens")
    let server = try server("store", "--trust", "trust.json", "--tokens", "tokens")
    #expect(try server.get(latest).status == 401)
    #expect(try server.get("/healthz").status == 200)
    #expect(try !server.get("/healthz").text.contains("production"))
    server.kill(SIGHUP)
    for _ in 0..<200 where !server.messages.contains("reloaded") { usleep(10_000) }
    #expect(server.messages.contains("the tokens were read again"))
    #expect(server.terminate() == 0)
    #expect(server.messages.contains("all requests were answered"))
  }

  @Test("logs JSON objects, a line each")
  func log() async throws {
    try store.publish(sequence: 1)
    let server = try await storeServer()
    _ = server.terminate()
    let lines = server.messages.split(separator: "\n")
    #expect(lines.count >= 4)
    for line in lines {
      let entry = try JSONValue(parsing: Array(line.utf8))
      for name in ["event", "level", "message", "time"] { #expect(entry[name]?.string != nil, "\(line)") }
    }
  }

  @Test(
    "refuses a command line that it cannot serve by",
    arguments: [
      "serve", "serve store --follow http://a --trust t", "serve --dev --follow http://a", "serve --follow http://a",
      "serve --dev --trust trust.json", "serve --dev --host 0.0.0.0", "serve store --trust trust.json --host 0.0.0.0",
      "serve store --trust trust.json --port 70000", "serve store --trust trust.json --tls-cert a",
      "serve store --trust trust.json --max-connections 900000", "serve store --trust nothing",
      "serve store --trust trust.json --tokens nothing", "serve --follow ftp://a --trust trust.json",
      "serve store --trust trust.json --host no.such.host.invalid --public", "serve nothing",
    ])
  func usage(line: String) throws {
    let outcome = run(line.split(separator: " ").map(String.init), in: store.folder.path)
    #expect(outcome.status == 2, "\(outcome)")
    #expect(outcome.messages.hasPrefix("ensign: error: "))
    #expect(outcome.output == "")
  }
}
