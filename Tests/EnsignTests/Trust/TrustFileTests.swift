import Testing

@testable import Ensign

@Suite("Trust files")
struct TrustFileTests {
  @Test func readsWhatItWrites() throws {
    let keys = try TestKeys.keys(1...5)
    var file = TrustFile.test(root: Array(keys[..<3]), rootThreshold: 2, publish: Array(keys[3...]))
    file.environments["production"] = .init(keyIDs: file.publish.keyIDs, threshold: 2)
    file.environments["staging"] = .init(keyIDs: [keys[0].publicKey.id], threshold: 1)
    #expect(try TrustFile(payload: file.payload) == file)
    #expect(file.publishRole(for: "production").threshold == 2)
    #expect(file.publishRole(for: "staging").keyIDs == [keys[0].publicKey.id])
    #expect(file.publishRole(for: "development") == file.publish)
    let text = String(decoding: file.payload, as: UTF8.self)
    #expect(text.contains(#""production":{"threshold":2}"#), "keys are left out where they are the role's")
  }

  @Test func anchorsMustBeSignedByTheirOwnRoot() throws {
    let keys = try TestKeys.keys(1...4)
    let file = TrustFile.test(root: Array(keys[..<3]), rootThreshold: 2, publish: [keys[3]])
    #expect(try TrustFile.anchor(file.sealed(by: Array(keys[..<2]))) == file)
    for signers in [[], [keys[0]], [keys[0], keys[3]]] {
      #expect(throws: VerificationError.self) { try TrustFile.anchor(file.sealed(by: signers)) }
    }
  }

  // MARK: - Rotation

  /// A rotation: root keys 1…3 and 3…5, so that key 3 is in both.
  struct Rotation: CustomTestStringConvertible, Sendable {
    let oldThreshold: Int
    let newThreshold: Int
    /// Numbers of the keys that sign.
    let signers: [UInt8]

    var isEnough: Bool {
      signers.filter { $0 <= 3 }.count >= oldThreshold && signers.filter { $0 >= 3 }.count >= newThreshold
    }
    var testDescription: String { "\(oldThreshold) of 1…3, then \(newThreshold) of 3…5: signed by \(signers)" }

    /// Every pair of thresholds with every set of signers.
    static let all: [Rotation] = (1...3).flatMap { old in
      (1...3).flatMap { new in
        (0..<32).map { set in
          Rotation(oldThreshold: old, newThreshold: new, signers: (1...5).filter { set >> ($0 - 1) & 1 == 1 })
        }
      }
    }
  }

  @Test func thereAreRotations() {
    #expect(Rotation.all.count == 288)
    #expect(Rotation.all.count(where: \.isEnough) == 80)
  }

  @Test(arguments: Rotation.all)
  func rotatesWithBothThresholds(_ rotation: Rotation) throws {
    let publish = [try TestKeys.key(9)]
    let old = TrustFile.test(
      root: try TestKeys.keys(1...3), rootThreshold: rotation.oldThreshold, publish: publish)
    let new = TrustFile.test(
      version: 2, root: try TestKeys.keys(3...5), rootThreshold: rotation.newThreshold, publish: publish)
    let bytes = new.sealed(by: try TestKeys.keys(rotation.signers))
    if rotation.isEnough {
      #expect(try old.successor(bytes) == new)
    } else {
      let error = #expect(throws: VerificationError.self) { try old.successor(bytes) }
      #expect(error?.status == .untrusted)
    }
  }

  @Test func oneInvalidSignatureAmongValidOnesDoesNotMatter() throws {
    let roots = try TestKeys.keys(1...3)
    let old = TrustFile.test(root: roots, rootThreshold: 2, publish: roots)
    let new = TrustFile.test(version: 2, root: roots, rootThreshold: 2, publish: roots)
    var envelope = try Envelope(parsing: new.sealed(by: roots))
    envelope.signatures[0].bytes[0] ^= 1
    #expect(try old.successor(envelope.bytes) == new)
    envelope.signatures[1].bytes[0] ^= 1
    #expect(
      throws: VerificationError(.untrusted, "signed by 1 of the 2 keys that the role root of trust version 1 needs")
    ) { try old.successor(envelope.bytes) }
  }

  @Test(arguments: [
    (1, ClientStatus.rollback), (2, .rollback), (3, .rollback), (5, .malformed), (1000, .malformed),
  ])
  func neverSkipsOrRepeatsAVersion(version: Int, status: ClientStatus) throws {
    let roots = [try TestKeys.key(1)]
    let old = TrustFile.test(version: 3, root: roots, publish: roots)
    let next = TrustFile.test(version: 4, root: roots, publish: roots).sealed(by: roots)
    #expect(try old.successor(next).version == 4)
    let error = #expect(throws: VerificationError.self) {
      try old.successor(TrustFile.test(version: version, root: roots, publish: roots).sealed(by: roots))
    }
    #expect(error?.status == status)
  }

  @Test func neverGoesBackToAnEpoch() throws {
    let roots = [try TestKeys.key(1)]
    let old = TrustFile.test(epoch: 2, root: roots, publish: roots)
    for epoch in 2...3 {
      let next = TrustFile.test(version: 2, epoch: epoch, root: roots, publish: roots)
      #expect(try old.successor(next.sealed(by: roots)) == next)
    }
    let error = #expect(throws: VerificationError.self) {
      try old.successor(TrustFile.test(version: 2, epoch: 1, root: roots, publish: roots).sealed(by: roots))
    }
    #expect(error?.status == .rollback)
  }

  @Test func publishKeysSignNoTrustFile() throws {
    let (root, publish) = (try TestKeys.key(1), try TestKeys.key(2))
    let old = TrustFile.test(root: [root], publish: [publish])
    let next = TrustFile.test(version: 2, root: [publish], publish: [publish])
    #expect(throws: VerificationError.self) { try old.successor(next.sealed(by: [publish])) }
  }

  // MARK: - The payload

  static let good: TrustFile = .test(
    root: (try? [TestKeys.key(1)]) ?? [], publish: (try? [TestKeys.key(2)]) ?? [])

  @Test(arguments: [
    PayloadChange(
      #""type":"trust""#, #""type":"manifest""#, "expected a payload of type 'trust', not 'manifest'"),
    PayloadChange(#""v":1,"#, #""v":1.5,"#, "'v' is not an integer from 1 on"),
    PayloadChange(#""version":1"#, #""version":0"#, "'version' is not an integer from 1 on"),
    PayloadChange(#""version":1"#, #""version":9007199254740992"#, "'version' is not an integer from 1 on"),
    PayloadChange(#""epoch":1"#, #""epoch":"1""#, "'epoch' is not an integer from 1 on"),
    PayloadChange(
      #""expires":"2027-11-21T12:00:00Z""#, #""expires":"2027-11-21T12:00:00.0Z""#,
      "'expires' is not a time such as 2026-11-20T23:40:00Z"),
    PayloadChange(
      #""expires":"2027-11-21T12:00:00Z""#, #""expires":"2027-02-30T12:00:00Z""#,
      "'expires' is not a time such as 2026-11-20T23:40:00Z"),
    PayloadChange(#""threshold":1"#, #""threshold":0"#, "'roles.publish.threshold' is not an integer from 1 on"),
    PayloadChange(
      #""threshold":1"#, #""threshold":2"#, "'roles.publish.threshold' is 2, and there are only 1 keys"),
    PayloadChange(
      #""keytype":"ed25519""#, #""keytype":"rsa""#,
      "'keys.\(good.keys.keys.sorted()[0]).keytype' is 'rsa', and only ed25519 is known"),
    PayloadChange(
      #""keyids":["#, #""keyids":["x","#,
      "'roles.publish.keyids' is not a list of different ids, all of which stand in 'keys'"),
    PayloadChange(#""root":"#, #""root2":"#, "'roles.root' is not an object"),
    PayloadChange(
      #""public":"#, #""secret":"#,
      "'keys.\(good.keys.keys.sorted()[0]).public' is not a string of 1 to 1,024 bytes"),
    PayloadChange(
      #""v":1,"#, #""v":2,"#, "the trust payload has format version 2, and this reader knows 1", status: .unsupported),
  ])
  func saysWhatIsWrong(_ change: PayloadChange) throws {
    let payload = try change.applied(to: Self.good.payload)
    #expect(throws: change.error) { try TrustFile(payload: payload) }
  }

  @Test func refusesAKeyUnderTwoIds() throws {
    let key = try TestKeys.key(1).publicKey
    let other = String(repeating: "0", count: 64)
    let entry = #"{"keytype":"ed25519","public":"\#(key)"}"#
    let text = #"""
      {"epoch":1,"expires":"2027-11-21T12:00:00Z","keys":{"\#(other)":\#(entry),"\#(key.id)":\#(entry)},
       "roles":{"publish":{"keyids":["\#(key.id)"],"threshold":1},"root":{"keyids":["\#(key.id)","\#(other)"],"threshold":2}},
       "type":"trust","v":1,"version":1}
      """#
    #expect(throws: VerificationError(.malformed, "the key \(key) has the id \(key.id), not '\(other)'")) {
      try TrustFile(payload: Array(text.utf8))
    }
  }

  @Test func letsUnknownMembersPass() throws {
    let addition = PayloadChange(#""epoch":1"#, #""another":[],"epoch":1"#, "")
    let payload = try addition.applied(to: Self.good.payload)
    #expect(try TrustFile(payload: payload).epoch == 1)
  }

  @Test func expiresByAClockThatMayBeWrong() throws {
    let file = TrustFile.test(root: [try TestKeys.key(1)], publish: [try TestKeys.key(1)])
    #expect(!file.hasExpired(at: file.expires.adding(seconds: 300)))
    #expect(file.hasExpired(at: file.expires.adding(seconds: 301)))
  }
}
