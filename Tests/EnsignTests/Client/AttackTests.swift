import Foundation
import Testing

@testable import Ensign

/// The rows of the design's table of attacks and faults, through the public client, in memory and over HTTP.
@Suite("Attacks and faults")
struct AttackTests {
  /// A client that runs with `red`, sequence 5, and has stored it.
  private func running(_ world: ClientWorld) throws -> Client {
    world.store.publish("red", sequence: 5)
    let client = try world.client()
    #expect(client.update().status == .current)
    #expect(client.colour == "red")
    #expect(world.store.takeRequests() == ["trust 2", "latest", "blob red"])
    return client
  }

  /// The store has been tampered with: the client refuses twice, keeps what it has, on disk too, and recovers.
  private func expectRefusal(
    _ status: ClientStatus, _ message: String, in world: ClientWorld, _ client: Client, fetchesBlob: Bool = false,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let before = world.state.filter { !$0.key.hasPrefix("evidence/") }
    let report = client.update()
    #expect(report.status == status, "\(report.message)", sourceLocation: sourceLocation)
    #expect(report.message.contains(message), "\(report.message)", sourceLocation: sourceLocation)
    #expect(report.served == .current, sourceLocation: sourceLocation)
    #expect(report.sequence == 5, sourceLocation: sourceLocation)
    #expect(client.colour == "red", sourceLocation: sourceLocation)
    let blob = fetchesBlob ? ["blob blue", "blob blue!"] : []
    let requests =
      ["trust 2", "latest?"] + blob.prefix(1) + ["trust 2!", "latest!"] + blob.suffix(fetchesBlob ? 1 : 0)
    #expect(world.store.takeRequests() == requests, sourceLocation: sourceLocation)
    #expect(world.state.filter { !$0.key.hasPrefix("evidence/") } == before, sourceLocation: sourceLocation)

    // The next update asks once, and still believes no cache.
    #expect(client.update().status == status, sourceLocation: sourceLocation)
    let once = ["trust 2!", "latest!"] + blob.suffix(fetchesBlob ? 1 : 0)
    #expect(world.store.takeRequests() == once, sourceLocation: sourceLocation)

    world.store.publish("green", sequence: 7)
    #expect(client.update().status == .current, "\(client.report.message)", sourceLocation: sourceLocation)
    #expect(client.colour == "green", sourceLocation: sourceLocation)
  }

  @Test(arguments: Transport.allCases)
  func tamperedManifest(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    let signed = try Envelope(parsing: Manifest.test(sequence: 6, snapshot: [1]).sealed(by: world.store.publishers))
    var forged = signed
    forged.payload = Manifest.test(sequence: 6, snapshot: [2]).payload
    world.store.put(SimulatedStore.latest, forged.bytes)
    expectRefusal(.untrusted, "signed by 0 of the 1", in: world, client)
  }

  @Test(arguments: Transport.allCases)
  func tamperedEnvelope(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    world.store.put(SimulatedStore.latest, Array("<html>Sign in to the airport's network</html>".utf8))
    expectRefusal(.malformed, "no JSON", in: world, client)
  }

  @Test(arguments: Transport.allCases)
  func tamperedBlob(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    let manifest = world.store.publish("blue", sequence: 6)
    var bytes = SimulatedStore.snapshot("blue")
    bytes[bytes.count - 3] ^= 1
    world.store.put(StorePath.blob(sha256: manifest.snapshot.sha256), bytes)
    expectRefusal(.tampered, "the manifest names", in: world, client, fetchesBlob: true)
  }

  @Test(arguments: Transport.allCases)
  func shortBlob(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    let manifest = world.store.publish("blue", sequence: 6)
    world.store.put(StorePath.blob(sha256: manifest.snapshot.sha256), Array(SimulatedStore.snapshot("blue").dropLast()))
    expectRefusal(.tampered, "the manifest names", in: world, client, fetchesBlob: true)
  }

  @Test(arguments: Transport.allCases)
  func unknownKey(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    world.store.publish("blue", sequence: 6, by: [try TestKeys.key(9)])
    expectRefusal(.untrusted, "signed by 0 of the 1", in: world, client)
  }

  @Test(arguments: Transport.allCases)
  func tooFewKeys(transport: Transport) throws {
    let world = try ClientWorld(transport, publishThreshold: 2)
    let client = try running(world)
    world.store.publish("blue", sequence: 6, by: [world.store.publishers[0]])
    expectRefusal(.untrusted, "signed by 1 of the 2", in: world, client)
  }

  @Test(arguments: Transport.allCases)
  func anotherEnvironment(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    world.store.publish("blue", sequence: 6) { $0.environment = "staging" }
    expectRefusal(.mismatch, "environment 'staging'", in: world, client)
  }

  @Test(arguments: Transport.allCases)
  func anotherProject(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    world.store.publish("blue", sequence: 6) { $0.project = "acme-bank" }
    expectRefusal(.mismatch, "project 'acme-bank'", in: world, client)
  }

  @Test(arguments: Transport.allCases)
  func anotherProjectsSnapshot(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    let foreign = SimulatedStore.snapshot("blue", project: "acme-bank")
    world.store.publish("blue", sequence: 6) { manifest in
      manifest.snapshot.sha256 = SHA256.hexadecimal(foreign)
      manifest.snapshot.size = foreign.count
    }
    world.store.put(StorePath.blob(sha256: SHA256.hexadecimal(foreign)), foreign)
    let report = client.update()
    #expect(report.status == .mismatch)
    // What is wrong with these bytes will not change, so they are fetched once.
    #expect(
      world.store.takeRequests() == ["trust 2", "latest?", "blob blue", "trust 2!", "latest!"])
    #expect(client.colour == "red")
  }

  @Test(arguments: Transport.allCases)
  func snapshotForNewerReaders(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    let newer = SimulatedStore.snapshot("blue", reader: 2)
    world.store.publish("blue", sequence: 6) { manifest in
      manifest.snapshot.sha256 = SHA256.hexadecimal(newer)
      manifest.snapshot.size = newer.count
    }
    world.store.put(StorePath.blob(sha256: SHA256.hexadecimal(newer)), newer)
    #expect(client.update().status == .unsupported)
    #expect(client.colour == "red")
  }

  @Test(arguments: Transport.allCases)
  func rollback(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    world.store.publish("blue", sequence: 4)
    expectRefusal(.rollback, "sequence 4 is older than 5", in: world, client)
  }

  @Test(arguments: Transport.allCases)
  func rollbackAcrossARestart(transport: Transport) throws {
    let world = try ClientWorld(transport)
    try running(world).close()
    world.store.publish("blue", sequence: 4)
    let client = try world.client()
    #expect(client.colour == "red")
    #expect(client.update().status == .rollback)
    #expect(client.colour == "red")
  }

  @Test(arguments: Transport.allCases)
  func equivocation(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    let first = try #require(world.store.file(SimulatedStore.latest))
    world.store.publish("blue", sequence: 5)
    let second = try #require(world.store.file(SimulatedStore.latest))
    expectRefusal(.equivocation, "epoch 1, sequence 5", in: world, client)
    let evidence = world.state.filter { $0.key.hasPrefix("evidence/") }
    #expect(Set(evidence.values) == [Data(first), Data(second)])
    #expect(evidence.keys.allSatisfy { $0.hasPrefix("evidence/1.5-") })
  }

  @Test func evidenceIsBounded() throws {
    let world = try ClientWorld()
    let client = try running(world)
    for number in 0..<30 {
      world.store.publish("colour-\(number)", sequence: 5)
      #expect(client.update().status == .equivocation)
    }
    #expect(world.state.keys.filter { $0.hasPrefix("evidence/") }.count == StateFolder.greatestEvidence)
  }

  @Test(arguments: Transport.allCases)
  func freeze(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    client.confirm()
    let before = world.state
    world.pass(.seconds(86_400 * 7 + 301))
    // It is told without an update, too.
    #expect(client.report.status == .stale)
    let report = client.update()
    #expect(report.status == .stale)
    #expect(report.message == "the manifest expired at 2026-11-28T12:00:00Z")
    #expect(report.lastSuccess == report.lastAttempt)
    #expect(client.colour == "red")
    #expect(world.store.takeRequests() == ["trust 2", "latest?"])
    #expect(world.state == before)
    // A renewal ends it, without a download.
    world.store.publish("red", sequence: 5, created: noon.adding(seconds: 86_400 * 7))
    #expect(client.update().status == .current)
    #expect(world.store.takeRequests() == ["trust 2", "latest?"])
    // And survives a restart.
    client.close()
    #expect(try world.client().report.expires == noon.adding(seconds: 86_400 * 14))
  }

  @Test(arguments: Transport.allCases)
  func anOlderSigningDoesNotShortenTheTime(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    let old = try #require(world.store.file(SimulatedStore.latest))
    world.pass(.seconds(86_400))
    world.store.publish("red", sequence: 5, created: noon.adding(seconds: 86_400))
    client.update()
    world.store.put(SimulatedStore.latest, old)
    #expect(client.update().status == .current)
    #expect(client.report.expires == noon.adding(seconds: 86_400 * 8))
  }

  @Test(arguments: Transport.allCases)
  func aStoreThatNobodyRenewedIsNoOutage(transport: Transport) throws {
    let world = try ClientWorld(transport)
    world.store.publish("red", sequence: 5)
    world.pass(.seconds(86_400 * 8))
    let client = try world.client()
    let report = client.update()
    #expect(report.status == .stale)
    #expect(report.message == "the manifest expired at 2026-11-28T12:00:00Z")
    #expect(report.served == .current)
    #expect(client.colour == "red")
    // A later one is newer all the same, and an earlier one older.
    world.store.publish("blue", sequence: 6)
    #expect(client.update().status == .stale)
    #expect(client.colour == "blue")
    world.store.publish("red", sequence: 5)
    #expect(client.update().status == .rollback)
    #expect(client.colour == "blue")
  }

  @Test(arguments: Transport.allCases)
  func expiredTrustAcceptsNothingNew(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    let later = noon.adding(seconds: 86_400 * 366)
    world.set(later)
    world.store.publish("blue", sequence: 6, created: later)
    let report = client.update()
    #expect(report.status == .stale)
    #expect(report.message.contains("trust version 1 expired"))
    #expect(client.colour == "red")
    #expect(try world.client(keepsState: false).update().served == .defaults)
  }

  @Test(arguments: Transport.allCases, ["environments/", "trust/", "blobs/"])
  func endlessBody(transport: Transport, path: String) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    world.store.publish("blue", sequence: 6)
    world.store.set(.endless, for: path)
    let before = world.state
    let report = client.update()
    #expect(report.status == .oversized, "\(report.message)")
    #expect(client.colour == "red")
    #expect(world.state == before)
    world.store.set(.serves, for: path)
    #expect(client.update().status == .current)
    #expect(client.colour == "blue")
  }

  @Test(arguments: Transport.allCases)
  func snapshotOverTheCap(transport: Transport) throws {
    let world = try ClientWorld(transport)
    world.store.publish("red", sequence: 5)
    let client = try world.client { $0.maximumSnapshotSize = 100 }
    #expect(client.update().status == .oversized)
    #expect(world.store.takeRequests() == ["trust 2", "latest", "trust 2!", "latest!"])
  }

  @Test(arguments: Transport.allCases, ["environments/", "trust/", "blobs/"])
  func slowServer(transport: Transport, path: String) throws {
    let world = try ClientWorld(transport)
    world.store.publish("red", sequence: 5)
    let client = try world.client { $0.requestTimeout = .milliseconds(300) }
    // A busy machine may take longer than that: then it is asked again.
    func becomesCurrent() -> Bool { (0..<50).contains { _ in client.update().status == .current } }
    #expect(becomesCurrent())
    world.store.publish("blue", sequence: 6)
    world.store.set(.stalls, for: path)
    let clock = ContinuousClock()
    let took = clock.measure { #expect(client.update().status == .unreachable) }
    #expect(took < .seconds(20))
    #expect(client.colour == "red")
    world.store.set(.serves, for: path)
    #expect(becomesCurrent())
    #expect(client.colour == "blue")
  }

  @Test(arguments: Transport.allCases, ["environments/", "trust/", "blobs/"])
  func redirectToAnotherHost(transport: Transport, path: String) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    world.store.publish("blue", sequence: 6)
    world.store.set(.redirects("http://user:secret@elsewhere.example:81/x?token=1"), for: path)
    let report = client.update()
    #expect(report.status == .unreachable)
    #expect(report.message.contains("redirected to http://"))
    if transport == .http {
      #expect(report.message.contains("http://elsewhere.example:81, which is not followed"))
      #expect(!report.message.contains("secret"))
      #expect(!report.message.contains("token"))
    }
    #expect(client.colour == "red")
  }

  @Test(arguments: Transport.allCases, [500, 503, 404])
  func failingServer(transport: Transport, status: Int) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    world.store.set(.fails(status), for: "environments/")
    let report = client.update()
    #expect(report.status == .unreachable)
    #expect(client.colour == "red")
    // Nothing was refused, so nothing is fetched twice.
    #expect(world.store.takeRequests() == ["trust 2", "latest?"])
  }

  /// A trust file that cannot be had is not the same as one that does not exist.
  @Test(arguments: Transport.allCases)
  func trustThatCannotBeHadStopsTheUpdate(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let client = try running(world)
    world.store.publish("blue", sequence: 6)
    world.store.set(.fails(500), for: "trust/")
    #expect(client.update().status == .unreachable)
    #expect(client.colour == "red")
    #expect(world.store.takeRequests() == ["trust 2"])
  }

  @Test(arguments: Transport.allCases)
  func clockWrongByFiveMinutes(transport: Transport) throws {
    let world = try ClientWorld(transport)
    world.store.publish("red", sequence: 5)
    // The publisher's clock is ahead of this one.
    world.set(noon.adding(seconds: -300))
    let client = try world.client()
    #expect(client.update().status == .current)
    // This one is ahead of the publisher's.
    world.set(noon.adding(seconds: 86_400 * 7 + 300))
    #expect(client.report.status == .current)
    world.set(noon.adding(seconds: 86_400 * 7 + 301))
    #expect(client.report.status == .stale)
  }
}
