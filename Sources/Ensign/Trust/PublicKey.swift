internal import CSodium

/// The public half of an Ed25519 key (RFC 8032).
public struct PublicKey: Hashable, Sendable, CustomStringConvertible {
  /// The encoded point: 32 bytes.
  public let bytes: [UInt8]

  /// A key by its 32 bytes.
  ///
  /// Bytes that are no point of the prime-order group, or not its one encoding, are refused: under a key of small order
  /// a signature can be valid for any message.
  public init(_ bytes: [UInt8]) throws(VerificationError) {
    guard bytes.count == Int(crypto_sign_ed25519_publickeybytes()) else {
      throw VerificationError(.malformed, "an Ed25519 public key has 32 bytes, not \(bytes.count)")
    }
    guard crypto_core_ed25519_is_valid_point(bytes) == 1 else {
      throw VerificationError(.malformed, "\(Hexadecimal.encode(bytes)) is no Ed25519 public key")
    }
    self.bytes = bytes
  }

  /// A key by its 64 lower-case hexadecimal digits.
  public init(hexadecimal: String) throws(VerificationError) {
    guard let bytes = Hexadecimal.decode(hexadecimal), hexadecimal.utf8.count == 64 else {
      throw VerificationError(.malformed, "an Ed25519 public key is written as 64 lower-case hexadecimal digits")
    }
    try self.init(bytes)
  }

  /// The 64 lower-case hexadecimal digits.
  public var hexadecimal: String { Hexadecimal.encode(bytes) }

  /// The key's name in envelopes and trust files: the SHA-256 of its canonical JSON, as 64 hexadecimal digits.
  ///
  /// It is the one that TUF's tools compute.
  public var id: String {
    let description = JSONValue.object([
      .init(key: "keytype", value: "ed25519"),
      .init(key: "keyval", value: .object([.init(key: "public", value: .string(hexadecimal))])),
      .init(key: "scheme", value: "ed25519"),
    ])
    return SHA256.hexadecimal(description.canonicalBytes)
  }

  /// The key as openssl reads it: a SubjectPublicKeyInfo (RFC 8410) in PEM, with a line feed at its end.
  public var pem: String {
    let prefix: [UInt8] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
    return "-----BEGIN PUBLIC KEY-----\n\(Base64.encode(prefix + bytes))\n-----END PUBLIC KEY-----\n"
  }

  /// Whether `signature` is this key's for exactly this message.
  ///
  /// Strictly: a signature has 64 bytes, its scalar is below the group's order, and its point is not of small order, so
  /// that nobody can make a second signature out of a first.
  ///
  /// - Complexity: O(*n*) in the size of the message; about 50 µs for a manifest.
  public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    signature.count == Int(crypto_sign_ed25519_bytes())
      && crypto_sign_ed25519_verify_detached(signature, message, UInt64(message.count), bytes) == 0
  }

  /// The 64 hexadecimal digits.
  public var description: String { hexadecimal }
}
