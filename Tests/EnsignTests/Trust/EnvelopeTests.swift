import Testing

@testable import Ensign

@Suite("Envelopes")
struct EnvelopeTests {
  static let payload = Array("hello world".utf8)
  static let type = "http://example.com/HelloWorld"

  /// The example of DSSE's protocol.
  @Test func signsWhatDSSESays() {
    #expect(
      Envelope(payload: Self.payload, payloadType: Self.type).signedBytes
        == Array("DSSEv1 29 http://example.com/HelloWorld 11 hello world".utf8))
    #expect(Envelope(payload: [0, 255], payloadType: "é").signedBytes == Array("DSSEv1 2 é 2 ".utf8) + [0, 255])
  }

  @Test func readsWhatItWrites() throws {
    var envelope = Envelope(payload: Self.payload, payloadType: Self.type)
    for key in try TestKeys.keys(1...3) { envelope.sign(with: key) }
    #expect(try Envelope(parsing: envelope.bytes) == envelope)
    #expect(envelope.signatures.count == 3)
    envelope.sign(with: try TestKeys.key(2))
    #expect(envelope.signatures.count == 3, "a key signs once")
  }

  @Test func readsWhatOthersWrite() throws {
    let text = """
      { "x": [1], "payloadType": "t", "payload": "-_8",
        "signatures": [ {"sig": "-_8=", "extra": null}, {"keyid": "k", "sig": "+/8="} ] }
      """
    let envelope = try Envelope(parsing: Array(text.utf8))
    #expect(envelope.payload == [0xfb, 0xff])
    #expect(envelope.signatures.map(\.keyID) == ["", "k"])
    #expect(envelope.signatures.map(\.bytes) == [[0xfb, 0xff], [0xfb, 0xff]])
  }

  @Test(arguments: [
    ("", "the envelope is no JSON: 1:1: the document ends where a value is expected"),
    ("[]", "'payload' is not base 64"),
    (#"{"payload":"?","payloadType":"t","signatures":[]}"#, "'payload' is not base 64"),
    (#"{"payload":"","signatures":[]}"#, "'payloadType' is not a string of 1 to 1,024 bytes"),
    (#"{"payload":"","payloadType":"","signatures":[]}"#, "'payloadType' is not a string of 1 to 1,024 bytes"),
    (#"{"payload":"","payloadType":"t","signatures":{}}"#, "'signatures' is not a list of at most 32 signatures"),
    (#"{"payload":"","payloadType":"t","signatures":[{}]}"#, "'signatures[0].sig' is not base 64"),
    (#"{"payload":"","payloadType":"t","signatures":[{"sig":"Zg=="},3]}"#, "'signatures[1].sig' is not base 64"),
  ])
  func saysWhatIsWrong(text: String, message: String) {
    #expect(throws: VerificationError(.malformed, message)) { try Envelope(parsing: Array(text.utf8)) }
  }

  @Test func hasLimits() throws {
    let many = [Envelope.Signature](repeating: .init(keyID: "", bytes: []), count: Envelope.maximumSignatures + 1)
    let crowded = Envelope(payload: [], payloadType: "t", signatures: many)
    #expect(throws: VerificationError(.malformed, "'signatures' is not a list of at most 32 signatures")) {
      try Envelope(parsing: crowded.bytes)
    }
    let large = Envelope(payload: Array(repeating: 0, count: Envelope.maximumSize), payloadType: "t")
    #expect(throws: VerificationError(.oversized, "the envelope has more than 65536 bytes")) {
      try Envelope(parsing: large.bytes)
    }
  }

  // MARK: - Who signed

  @Test func countsDifferentKeys() throws {
    let keys = try TestKeys.keys(1...4)
    let publicKeys = keys.map(\.publicKey)
    var envelope = Envelope(payload: Self.payload, payloadType: Self.type)
    envelope.sign(with: keys[0])
    #expect(envelope.signers(among: publicKeys) == [publicKeys[0]])
    envelope.signatures += Array(repeating: envelope.signatures[0], count: 3)
    #expect(envelope.signers(among: publicKeys) == [publicKeys[0]], "a signature that stands four times counts once")
    envelope.signatures[1].keyID = keys[1].publicKey.id
    #expect(envelope.signers(among: publicKeys) == [publicKeys[0]], "another key's id makes it no other signature")
    #expect(
      envelope.signers(among: [publicKeys[0], publicKeys[0]]) == [publicKeys[0]], "a key that stands twice counts once")
    envelope.sign(with: keys[2])
    #expect(envelope.signers(among: publicKeys) == [publicKeys[0], publicKeys[2]])
    #expect(envelope.signers(among: [publicKeys[3]]).isEmpty)
    #expect(envelope.signers(among: []).isEmpty)
  }

  @Test func takesTheIdForAHintOnly() throws {
    let key = try TestKeys.key(1)
    var envelope = Envelope(payload: Self.payload, payloadType: Self.type)
    envelope.sign(with: key)
    for id in ["", "unknown", try TestKeys.key(2).publicKey.id] {
      envelope.signatures[0].keyID = id
      #expect(envelope.signers(among: try TestKeys.keys(1...3).map(\.publicKey)) == [key.publicKey])
    }
  }

  @Test func letsOneInvalidSignatureStandAmongValidOnes() throws {
    let keys = try TestKeys.keys(1...3)
    var envelope = Envelope(payload: Self.payload, payloadType: Self.type)
    for key in keys { envelope.sign(with: key) }
    envelope.signatures[1].bytes[5] ^= 1
    envelope.signatures.insert(.init(keyID: keys[0].publicKey.id, bytes: []), at: 0)
    #expect(envelope.signers(among: keys.map(\.publicKey)) == [keys[0].publicKey, keys[2].publicKey])
    try envelope.require(type: Self.type, signedBy: keys.map(\.publicKey), threshold: 2, as: "test")
    #expect(throws: VerificationError(.untrusted, "signed by 2 of the 3 keys that the role test needs")) {
      try envelope.require(type: Self.type, signedBy: keys.map(\.publicKey), threshold: 3, as: "test")
    }
  }

  @Test func signsTheTypeToo() throws {
    let key = try TestKeys.key(1)
    var envelope = Envelope(payload: Self.payload, payloadType: Self.type)
    envelope.sign(with: key)
    envelope.payloadType = "t"
    #expect(envelope.signers(among: [key.publicKey]).isEmpty)
    #expect(throws: VerificationError(.malformed, "the payload's type is 't', not 'http://example.com/HelloWorld'")) {
      try envelope.require(type: Self.type, signedBy: [key.publicKey], threshold: 1, as: "test")
    }
  }

  /// The id that python-securesystemslib computes for this key; it is compared with the library itself elsewhere.
  @Test func namesKeysAsTUFDoes() throws {
    let key = try PublicKey(hexadecimal: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    let description =
      #"{"keytype":"ed25519","keyval":{"public":"\#(key.hexadecimal)"},"scheme":"ed25519"}"#
    #expect(key.id == SHA256.hexadecimal(Array(description.utf8)))
  }
}
