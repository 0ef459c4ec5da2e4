import Testing

@testable import Ensign

@Suite("Manifests")
struct ManifestTests {
  let trust: TrustFile
  let root: SigningKey
  let publish: [SigningKey]

  init() throws {
    root = try TestKeys.key(1)
    publish = try TestKeys.keys(2...3)
    let ids = publish.map(\.publicKey.id)
    trust = TrustFile.test(
      root: [root], publish: publish, environments: ["staging": .init(keyIDs: ids, threshold: 2)])
  }

  func verify(_ bytes: [UInt8], environment: String = "production") throws(VerificationError) -> Manifest {
    try Manifest.verified(bytes, by: trust, project: "acme-shop", environment: environment)
  }

  /// The status of a failure, or nil.
  func status<Result>(_ body: () throws(VerificationError) -> Result) -> ClientStatus? {
    do throws(VerificationError) {
      _ = try body()
      return nil
    } catch {
      return error.status
    }
  }

  @Test func readsWhatItWrites() throws {
    var manifest = Manifest.test(sequence: 412)
    #expect(try Manifest(payload: manifest.payload) == manifest)
    manifest.previous = .init(sequence: 411, sha256: String(repeating: "0", count: 64))
    manifest.isDirty = true
    #expect(try Manifest(payload: manifest.payload) == manifest)
  }

  @Test func acceptsWhatTrustedKeysSigned() throws {
    let manifest = Manifest.test()
    #expect(try verify(manifest.sealed(by: [publish[0]])) == manifest)
    #expect(try verify(manifest.sealed(by: [publish[1], root])) == manifest)
  }

  @Test func countsTheKeysThatAnEnvironmentNeeds() throws {
    let manifest = Manifest.test(environment: "staging")
    #expect(
      status { () throws(VerificationError) in try verify(manifest.sealed(by: [publish[0]]), environment: "staging") }
        == .untrusted)
    #expect(try verify(manifest.sealed(by: publish), environment: "staging") == manifest)
  }

  @Test func refusesOtherKeysAndOtherPlaces() throws {
    let manifest = Manifest.test()
    let stranger = try TestKeys.key(8)
    var otherProject = manifest
    otherProject.project = "acme-shop-2"
    let cases: [([UInt8], ClientStatus)] = [
      (manifest.sealed(by: []), .untrusted), (manifest.sealed(by: [stranger]), .untrusted),
      (manifest.sealed(by: [root]), .untrusted),
      (Manifest.test(environment: "staging").sealed(by: publish), .mismatch),
      (otherProject.sealed(by: publish), .mismatch),
      (Manifest.test(epoch: 2).sealed(by: publish), .mismatch),
      (Envelope.sealed(manifest.payload, TrustFile.payloadType, by: publish), .malformed),
      (Envelope.sealed(Array("{}".utf8), Manifest.payloadType, by: publish), .malformed),
      (Envelope.sealed(trust.payload, Manifest.payloadType, by: publish), .malformed),
    ]
    for (bytes, expected) in cases {
      #expect(status { () throws(VerificationError) in try verify(bytes) } == expected)
    }
  }

  /// What is not signed is not read: a broken payload of a stranger is untrusted, not malformed.
  @Test func verifiesBeforeItReads() throws {
    let bytes = Envelope.sealed(Array("{".utf8), Manifest.payloadType, by: [try TestKeys.key(8)])
    #expect(status { () throws(VerificationError) in try verify(bytes) } == .untrusted)
  }

  @Test func everyChangedByteIsRefused() throws {
    let bytes = Manifest.test().sealed(by: [publish[0]])
    let good = try verify(bytes)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      // The id of a key is a hint, and may be anything.
      if let manifest = try? verify(changed) { #expect(manifest == good) }
    }
    for count in stride(from: 0, to: bytes.count, by: 7) {
      #expect(status { () throws(VerificationError) in try verify(Array(bytes.prefix(count))) } == .malformed)
    }
  }

  // MARK: - History

  @Test(arguments: [
    (1, 5, "a", Int64(0), Manifest.Succession.same as Manifest.Succession?, nil as ClientStatus?),
    (1, 5, "a", -60, .same, nil), (1, 5, "a", 60, .renewed, nil), (1, 6, "a", 0, .newer, nil),
    (1, 6, "b", -60, .newer, nil), (1, 5, "b", 60, nil, .equivocation), (1, 4, "a", 60, nil, .rollback),
    (2, 1, "a", 0, .newer, nil), (2, 1, "b", -60, .newer, nil),
  ])
  func followsWhatWasAccepted(
    epoch: Int, sequence: Int, snapshot: String, later: Int64, succession: Manifest.Succession?, refusal: ClientStatus?
  ) throws {
    let newest = Manifest.test(sequence: 5, snapshot: Array("a".utf8))
    let next = Manifest.test(
      epoch: epoch, sequence: sequence, snapshot: Array(snapshot.utf8), created: noon.adding(seconds: later))
    var result: Manifest.Succession?
    #expect(status { () throws(VerificationError) in result = try next.checkFollows(newest) } == refusal)
    #expect(result == succession)
    #expect(try next.checkFollows(nil) == .newer)
  }

  @Test func anEpochThatIsOverIsARollback() throws {
    let newest = Manifest.test(epoch: 2, sequence: 1)
    #expect(
      status { () throws(VerificationError) in try Manifest.test(epoch: 1, sequence: 9).checkFollows(newest) }
        == .rollback)
  }

  @Test func isStaleFiveMinutesAfterItExpired() {
    let manifest = Manifest.test()
    #expect(!manifest.isStale(at: manifest.expires))
    #expect(!manifest.isStale(at: manifest.expires.adding(seconds: 300)))
    #expect(manifest.isStale(at: manifest.expires.adding(seconds: 301)))
  }

  @Test func knowsItsSnapshot() throws {
    let bytes = Array("snapshot".utf8)
    let manifest = Manifest.test(snapshot: bytes)
    try manifest.checkSnapshot(bytes)
    #expect(status { () throws(VerificationError) in try manifest.checkSnapshot(bytes + [0]) } == .oversized)
    #expect(status { () throws(VerificationError) in try manifest.checkSnapshot(bytes.dropLast()) } == .tampered)
    #expect(status { () throws(VerificationError) in try manifest.checkSnapshot(bytes.reversed()) } == .tampered)
  }

  // MARK: - The payload

  @Test(arguments: [
    PayloadChange(
      #""created":"2026-11-21T12:00:00Z""#, #""created":"2026-11-21T12:00:00+00:00""#,
      "'created' is not a time such as 2026-11-20T23:40:00Z"),
    PayloadChange(#""expires":"2026-11-28"#, #""expires":"2026-11-20"#, "'expires' is not later than 'created'"),
    PayloadChange(#""sequence":1"#, #""sequence":-1"#, "'sequence' is not an integer from 1 on"),
    PayloadChange(
      #""sequence":1"#, #""sequence":1e3000"#,
      "the manifest payload is no JSON: 1:181: the number is too large for a double"),
    PayloadChange(
      #""commit":"a"#, #""commit":"A"#, "'source.commit' is not 40 or 64 lower-case hexadecimal digits"),
    PayloadChange(
      #""size":2"#, #""size":268435457"#,
      "the manifest names a snapshot of 268435457 bytes; at most 268435456 are read", status: .oversized),
    PayloadChange(
      #""sequence":1"#, #""sequence":1,"sequence":2"#,
      "the manifest payload is no JSON: 1:183: the member “sequence” stands twice"),
    PayloadChange(
      #""project":"acme-shop""#, #""project":"acme-shop","dirty":1"#, "'dirty' is not true or false"),
    PayloadChange(
      #""project":"acme-shop""#, #""project":"acme-shop","previous":1"#, "'previous' is not an object"),
    PayloadChange(
      #""v":1"#, #""v":2"#, "the manifest payload has format version 2, and this reader knows 1", status: .unsupported),
  ])
  func saysWhatIsWrong(_ change: PayloadChange) throws {
    let payload = try change.applied(to: Manifest.test().payload)
    #expect(throws: change.error) { try Manifest(payload: payload) }
  }
}
