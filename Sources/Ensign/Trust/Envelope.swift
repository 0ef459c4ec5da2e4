/// A signed message: a DSSE 1.0 envelope.
///
/// See <https://github.com/secure-systems-lab/dsse/blob/v1.0.0/envelope.md>. What was signed are the bytes of the payload
/// and its type (``signedBytes``), never a value that was read and written again.
public struct Envelope: Hashable, Sendable {
  /// The greatest number of bytes of an envelope in a store.
  public static let maximumSize = 65_536
  /// The greatest number of signatures in one.
  public static let maximumSignatures = 32

  /// A signature, and whose it says it is.
  public struct Signature: Hashable, Sendable {
    /// The id of the key that is said to have signed; a hint, which nothing relies on, and may be empty.
    public var keyID: String
    /// The signature.
    public var bytes: [UInt8]

    /// A signature by the key of an id.
    public init(keyID: String, bytes: [UInt8]) {
      self.keyID = keyID
      self.bytes = bytes
    }
  }

  /// The bytes that are signed.
  public var payload: [UInt8]
  /// The media type of the payload, which is signed with it.
  public var payloadType: String
  /// The signatures, of which some may not be valid.
  public var signatures: [Signature]

  /// An envelope of its parts.
  public init(payload: [UInt8], payloadType: String, signatures: [Signature] = []) {
    self.payload = payload
    self.payloadType = payloadType
    self.signatures = signatures
  }

  /// Reads an envelope; nothing in it is verified by that.
  ///
  /// Members that the format does not know are ignored, and both alphabets of base 64 are read.
  ///
  /// - Throws: with ``ClientStatus/oversized`` or ``ClientStatus/malformed``.
  public init(parsing bytes: [UInt8]) throws(VerificationError) {
    guard bytes.count <= Self.maximumSize else {
      throw VerificationError(.oversized, "the envelope has more than \(Self.maximumSize) bytes")
    }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw VerificationError(.malformed, "the envelope is no JSON: \(error)")
    }
    let reader = PayloadReader(value, at: "")
    guard let payload = value["payload"]?.string.flatMap(Base64.decode) else {
      throw reader.wrong("payload", "base 64")
    }
    self.payload = payload
    payloadType = try reader.string("payloadType")
    guard let list = value["signatures"]?.array, list.count <= Self.maximumSignatures else {
      throw reader.wrong("signatures", "a list of at most \(Self.maximumSignatures) signatures")
    }
    signatures = []
    for (index, element) in list.enumerated() {
      let reader = PayloadReader(element, at: "signatures[\(index)]")
      guard let bytes = element["sig"]?.string.flatMap(Base64.decode) else { throw reader.wrong("sig", "base 64") }
      signatures.append(Signature(keyID: element["keyid"]?.string ?? "", bytes: bytes))
    }
  }

  /// What a signature signs: DSSE's pre-authentication encoding of the type and the payload.
  public var signedBytes: [UInt8] {
    Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
  }

  /// The envelope as a file: canonical JSON.
  public var bytes: [UInt8] {
    JSONValue.object([
      .init(key: "payload", value: .string(Base64.encode(payload))),
      .init(key: "payloadType", value: .string(payloadType)),
      .init(
        key: "signatures",
        value: .array(
          signatures.map {
            .object([
              .init(key: "keyid", value: .string($0.keyID)), .init(key: "sig", value: .string(Base64.encode($0.bytes))),
            ])
          })),
    ]).canonicalBytes
  }

  /// The keys, of those given, that signed: each counts once, however often it stands in `keys` or signed.
  ///
  /// A signature's ``Signature/keyID`` decides only which key is tried first.
  ///
  /// - Complexity: a verification for each signature whose id is right; for another one, for each key.
  public func signers(among keys: [PublicKey]) -> [PublicKey] {
    let message = signedBytes
    let named = Dictionary(keys.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var signers: Set<PublicKey> = []
    for signature in signatures {
      if let key = named[signature.keyID], key.verifies(signature.bytes, of: message) {
        signers.insert(key)
      } else if let key = keys.first(where: { $0.verifies(signature.bytes, of: message) }) {
        signers.insert(key)
      }
    }
    // Each takes its first place only, and leaves.
    return keys.filter { signers.remove($0) != nil }
  }

  /// Checks that the payload is of a type, and that at least `threshold` different keys of `keys` signed it.
  ///
  /// - Parameter role: what the keys are trusted for, for the message.
  func require(type: String, signedBy keys: [PublicKey], threshold: Int, as role: String) throws(VerificationError) {
    guard payloadType == type else {
      throw VerificationError(.malformed, "the payload's type is '\(payloadType)', not '\(type)'")
    }
    let count = signers(among: keys).count
    guard count >= threshold, threshold >= 1 else {
      throw VerificationError(.untrusted, "signed by \(count) of the \(threshold) keys that the role \(role) needs")
    }
  }

  /// Adds a key's signature, in the place of one that it made before.
  package mutating func sign(with key: SigningKey) {
    let signature = Signature(keyID: key.publicKey.id, bytes: key.sign(signedBytes))
    if let place = signatures.firstIndex(where: { $0.keyID == signature.keyID }) {
      signatures[place] = signature
    } else {
      signatures.append(signature)
    }
  }
}
