internal import CSodium
package import Ensign

/// The file of a secret key: everything of the public one's, and the seed, as hexadecimal digits.
///
/// With a passphrase, `seed` is encrypted and `encryption` says how; without, `encryption` is `none`.
package struct SecretKeyFile: Sendable {
  /// The `type` of the file.
  static let type = "ensign-secret-key"
  /// The most bytes that a key file may have.
  package static let maximumSize = 4096

  /// The public half, as the file says.
  package let publicKey: PublicKey
  private let content: Content

  private enum Content: Sendable {
    case plain(SecretBytes)
    case sealed(SealedSeed)
  }

  /// Whether a passphrase is needed to sign.
  package var isEncrypted: Bool {
    if case .sealed = content { true } else { false }
  }

  /// The signing key.
  ///
  /// - Parameter passphrase: asked for only when the seed is encrypted.
  package func signingKey(
    passphrase: () throws(PublishingError) -> SecretBytes
  ) throws(PublishingError) -> SigningKey {
    let seed: SecretBytes
    switch content {
    case .plain(let plain): seed = plain
    case .sealed(let sealed): seed = try sealed.open(try passphrase())
    }
    let key = try SigningKey.ofSeed(seed)
    guard key.publicKey == publicKey else {
      throw PublishingError(.invalidKey, "its secret half does not belong to its public half \(publicKey.hexadecimal)")
    }
    return key
  }
}

extension SigningKey {
  /// The key of a seed.
  package static func ofSeed(_ seed: SecretBytes) throws(PublishingError) -> SigningKey {
    do throws(VerificationError) {
      return try seed.withCopy { seed throws(VerificationError) in try SigningKey(seed: seed) }
    } catch {
      throw PublishingError(.invalidKey, error.message)
    }
  }
}

// MARK: - Writing

extension SecretKeyFile {
  /// The bytes of a new file, for the caller to clear.
  ///
  /// - Parameter passphrase: nil leaves the seed as it is.
  package static func bytes(of key: SigningKey, passphrase: SecretBytes?) throws(PublishingError) -> [UInt8] {
    guard let passphrase else { return plainBytes(of: key) }
    return bytes(of: key, sealed: try SealedSeed(key, passphrase: passphrase))
  }

  static func bytes(of key: SigningKey, sealed: SealedSeed) -> [UInt8] {
    let encryption = JSONValue.object([
      .init(key: "kdf", value: "argon2id13"), .init(key: "memory", value: .integer(Int64(sealed.cost.memory))),
      .init(key: "operations", value: .integer(Int64(sealed.cost.operations))),
      .init(key: "salt", value: .string(Hexadecimal.encode(sealed.salt))),
      .init(key: "cipher", value: "xsalsa20-poly1305"),
      .init(key: "nonce", value: .string(Hexadecimal.encode(sealed.nonce))),
    ])
    let members =
      PublicKeyFile.members(of: key.publicKey, type: type) + [
        .init(key: "encryption", value: encryption),
        .init(key: "seed", value: .string(Hexadecimal.encode(sealed.box))),
      ]
    return JSONValue.object(members).canonicalBytes + [UInt8(ascii: "\n")]
  }

  private static func plainBytes(of key: SigningKey) -> [UInt8] {
    // The seed never becomes a `String`, whose memory nobody clears: it is written into its place.
    let place = String(repeating: "0", count: SigningKey.seedSize * 2)
    let members =
      PublicKeyFile.members(of: key.publicKey, type: type) + [
        .init(key: "encryption", value: "none"), .init(key: "seed", value: .string(place)),
      ]
    var bytes = JSONValue.object(members).canonicalBytes + [UInt8(ascii: "\n")]
    guard let range = seedRange(in: bytes) else { return bytes }
    key.withSeed { seed in
      for (index, byte) in seed.enumerated() {
        bytes[range.lowerBound + 2 * index] = digit(byte >> 4)
        bytes[range.lowerBound + 2 * index + 1] = digit(byte & 15)
      }
    }
    return bytes
  }

  private static func digit(_ value: UInt8) -> UInt8 { (value < 10 ? 48 : 87) + value }
}

// MARK: - Reading

extension SecretKeyFile {
  /// Reads a file of a secret key.
  ///
  /// - Parameter bytes: what the file holds; they are cleared.
  package init(taking bytes: inout [UInt8]) throws(PublishingError) {
    defer { SecretBytes.clear(&bytes) }
    var seed = try Self.takeSeed(from: &bytes)
    defer { SecretBytes.clear(&seed) }
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw PublishingError(.invalidKey, "it is no JSON: \(error)")
    }
    guard value["type"]?.string == Self.type else {
      throw PublishingError(.invalidKey, "its member 'type' is not '\(Self.type)'")
    }
    publicKey = try PublicKeyFile.key(in: value)
    content = try Self.content(value["encryption"], &seed)
  }

  private static func content(_ encryption: JSONValue?, _ seed: inout [UInt8]) throws(PublishingError) -> Content {
    if encryption?.string == "none" {
      guard seed.count == SigningKey.seedSize else { throw wrongSeed }
      return .plain(try SecretBytes(taking: &seed))
    }
    guard let encryption, encryption["kdf"]?.string == "argon2id13",
      encryption["cipher"]?.string == "xsalsa20-poly1305",
      let memory = encryption["memory"]?.integer, let operations = encryption["operations"]?.integer,
      let salt = encryption["salt"]?.string.flatMap(Hexadecimal.decode),
      let nonce = encryption["nonce"]?.string.flatMap(Hexadecimal.decode)
    else { throw PublishingError(.invalidKey, "its member 'encryption' is none that this program knows") }
    guard seed.count == SealedSeed.boxSize else { throw wrongSeed }
    let cost = SealedSeed.Cost(memory: Int(memory), operations: Int(operations))
    return .sealed(SealedSeed(cost: cost, salt: salt, nonce: nonce, box: seed))
  }

  private static var wrongSeed: PublishingError {
    PublishingError(.invalidKey, "its member 'seed' does not have as many digits as a seed")
  }

  /// Decodes the member `seed`, and overwrites it, so that the file can be parsed as any other.
  private static func takeSeed(from bytes: inout [UInt8]) throws(PublishingError) -> [UInt8] {
    guard let range = seedRange(in: bytes), range.count.isMultiple(of: 2) else {
      throw PublishingError(.invalidKey, "it has no member 'seed' of hexadecimal digits")
    }
    var seed = [UInt8](repeating: 0, count: range.count / 2)
    var digits = bytes[range].map(CChar.init(bitPattern:))
    let isHexadecimal = sodium_hex2bin(&seed, seed.count, digits, digits.count, nil, nil, nil) == 0
    sodium_memzero(&digits, digits.count)
    for index in range { bytes[index] = UInt8(ascii: "0") }
    guard isHexadecimal else {
      SecretBytes.clear(&seed)
      throw PublishingError(.invalidKey, "its member 'seed' has something else than hexadecimal digits")
    }
    return seed
  }

  /// Where the text of the member `seed` stands.
  private static func seedRange(in bytes: [UInt8]) -> Range<Int>? {
    let name = Array("\"seed\"".utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: name) }) else { return nil }
    var index = start + name.count
    for expected in [UInt8(ascii: ":"), UInt8(ascii: "\"")] {
      while index < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[index]) { index += 1 }
      guard index < bytes.count, bytes[index] == expected else { return nil }
      index += 1
    }
    guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "\"")) else { return nil }
    return index..<end
  }
}
