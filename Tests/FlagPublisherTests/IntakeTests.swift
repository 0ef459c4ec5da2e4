import Ensign
import Foundation
import SeededRandom
import Testing

@testable import FlagPublisher

@Suite("Publications from elsewhere")
struct IntakeTests {
  /// A store that takes publications, and one in which a publisher signs them.
  let world: StoreWorld
  let origin: StoreWorld

  init() throws {
    world = try StoreWorld()
    origin = try StoreWorld()
    try world.begin()
    try origin.begin()
  }

  /// The message of what was published last at the origin.
  private func message(_ environments: [String] = ["production"], withSnapshot: Bool = true) throws -> [UInt8] {
    PublicationMessage.write(
      try environments.map { environment in
        let envelope = try #require(try origin.store.envelope(at: StorePath.latest(environment: environment)))
        let manifest = try Manifest(payload: Envelope(parsing: envelope).payload)
        let blob = try origin.store.read(StorePath.blob(sha256: manifest.snapshot.sha256), limit: 1 << 20)
        return SignedPublication(envelope: envelope, snapshot: withSnapshot ? blob : nil)
      })
  }

  @discardableResult
  private func take(_ message: [UInt8], at seconds: Int64 = 60) throws(PublishingError) -> [PublishedManifest] {
    try PublicationIntake(into: world.store, now: StoreWorld.time(seconds)).accept(PublicationMessage.read(message))
  }

  private func refusal(of message: [UInt8], at seconds: Int64 = 60) throws -> PublishingError {
    let before = world.files
    let error = try #require(failure { () throws(PublishingError) in try take(message, at: seconds) })
    #expect(world.files == before, "what is refused changes nothing")
    return error
  }

  @Test("make the same store that a publisher at home makes")
  func sameStore() throws {
    try origin.publish(origin.publication(5, environments: ["staging", "production"]))
    let results = try take(message(["staging", "production"]))
    #expect(results.map(\.manifest.environment) == ["staging", "production"])
    #expect(results.allSatisfy { $0.outcome == .published })
    #expect(world.files == origin.files)
    for path in world.files where path != "publish.lock" {
      #expect(try world.store.read(path, limit: 1 << 20) == origin.store.read(path, limit: 1 << 20))
    }
    #expect(try world.report(["staging", "production"]).verdict == .current)
  }

  @Test("renew without the snapshot, and change nothing when they come twice")
  func renewal() throws {
    try origin.publish(origin.publication(5))
    try take(message())
    #expect(try take(message()).map(\.outcome) == [.renewed])
    _ = try origin.publisher(at: 86_400).renew(["production"])
    let renewed = try take(message(withSnapshot: false), at: 86_400)
    #expect(renewed.map(\.outcome) == [.renewed])
    #expect(try world.report(at: 86_500).verdict == .current)
  }

  @Test("are refused when clients would refuse them")
  func refused() throws {
    try origin.publish(origin.publication(5))
    let older = try message()
    try origin.publish(origin.publication(6))
    try take(message())
    #expect(try refusal(of: older).code == .notNewer)
    // Another snapshot for the same place.
    let forger = try StoreWorld()
    try forger.begin()
    try forger.publish(forger.publication(6, 77))
    let latest = try #require(try forger.store.envelope(at: StorePath.latest(environment: "production")))
    let forged = SignedPublication(envelope: latest, snapshot: StoreWorld.snapshot("production", 77))
    #expect(try refusal(of: PublicationMessage.write([forged])).code == .notNewer)
    // In force no more when it comes.
    try origin.publish(origin.publication(7))
    #expect(try refusal(of: message(), at: 8 * 86_400).code == .signatures)
    #expect(try world.number() == 6)
  }

  @Test("need the bytes that the manifest names, and keys that count")
  func wrongBytes() throws {
    try origin.publish(origin.publication(5))
    let whole = try message()
    let parsed = try PublicationMessage.read(whole)
    var other = parsed
    other[0].snapshot?[20] ^= 1
    #expect(try refusal(of: PublicationMessage.write(other)).code == .signatures)
    other[0].snapshot = nil
    #expect(try refusal(of: PublicationMessage.write(other)).message.contains("neither there nor sent"))
    let stranger = try StoreWorld()
    var change = TrustChange()
    change.addedRoots = [stranger.root.publicKey]
    let key = try testKey(9)
    change.addedPublishers = [key.publicKey]
    var draft = try TrustDraft(change.first(expires: StoreWorld.time(365 * 86_400)), after: nil)
    try draft.sign(with: stranger.root)
    _ = try stranger.store.install(draft.envelope)
    try stranger.publish(stranger.publication(5), [key])
    let latest = try #require(try stranger.store.envelope(at: StorePath.latest(environment: "production")))
    let signed = SignedPublication(envelope: latest, snapshot: parsed[0].snapshot)
    #expect(try refusal(of: PublicationMessage.write([signed])).code == .signatures)
    #expect(try refusal(of: whole + whole).message.contains("twice"))
  }

  @Test("of a thousand damaged messages none is taken, and none crashes", arguments: UInt64(0)..<4)
  func damaged(seed: UInt64) throws {
    try origin.publish(origin.publication(5))
    let whole = try message()
    var random = SplitMix64(seed: seed)
    for _ in 0..<250 {
      var bytes = whole
      switch random.below(3) {
      case 0: bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
      case 1: bytes.removeLast(2 + random.below(bytes.count - 2))
      default: bytes.insert(UInt8(ascii: "\n"), at: random.below(bytes.count - 1))
      }
      // Base64 has spellings that mean the same, so that a change may be none: then it is the same publication.
      guard let results = try? take(bytes) else { continue }
      let envelope = try #require(try PublicationMessage.read(bytes).first?.envelope)
      let original = try #require(try PublicationMessage.read(whole).first?.envelope)
      #expect(try Envelope(parsing: envelope).payload == Envelope(parsing: original).payload)
      #expect(results.map(\.manifest.sequence) == [5])
    }
  }

  @Test("have two lines for each environment")
  func form() throws {
    for text in ["", "\n", "{}", "{}\n\n{}\n", "\n{}\n"] {
      #expect(throws: PublishingError.self, "\(text)") { _ = try PublicationMessage.read(Array(text.utf8)) }
    }
    let pair = SignedPublication(envelope: Array("{}".utf8), snapshot: nil)
    #expect(try PublicationMessage.read(PublicationMessage.write([pair, pair])) == [pair, pair])
    let many = [SignedPublication](repeating: pair, count: PublicationMessage.maximumCount + 1)
    #expect(throws: PublishingError.self) { _ = try PublicationMessage.read(PublicationMessage.write(many)) }
  }
}
