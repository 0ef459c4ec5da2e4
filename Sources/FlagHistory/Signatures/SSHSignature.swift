internal import Ensign

/// A signature as `ssh-keygen -Y sign` makes it: OpenSSH's PROTOCOL.sshsig.
struct SSHSignature {
  /// Why a text is no signature that could be verified.
  struct Failure: Error {
    /// Whether it is one of a kind that is not verified, not one that is wrong.
    var isUnsupported = false
    /// A phrase without a full stop.
    var reason: String
  }

  /// The digest of the message that was signed.
  enum Hash: String {
    case sha256
    case sha512

    func digest(_ bytes: [UInt8]) -> [UInt8] {
      switch self {
      case .sha256: SHA256.digest(bytes)
      case .sha512: SHA512.digest(bytes)
      }
    }
  }

  let key: SSHPublicKey
  /// What the signature was made for: a signature of a file is none of a commit.
  let namespace: [UInt8]
  /// A field for the future, which is signed and else ignored.
  private let reserved: [UInt8]
  private let hash: Hash
  /// The name of the algorithm, and its signature.
  private let algorithm: [UInt8]
  private let signature: [UInt8]

  static let header = Array("-----BEGIN SSH SIGNATURE-----\n".utf8)
  private static let footer = Array("\n-----END SSH SIGNATURE-----".utf8)
  private static let magic = Array("SSHSIG".utf8)
  /// The greatest number of bytes of an armoured signature; those of RSA keys of 16,384 bits have a third.
  private static let greatestSize = 16_384

  /// Reads an armoured signature, which begins with ``header``.
  ///
  /// Behind its last line only a line end may follow.
  init(armored text: [UInt8]) throws(Failure) {
    guard text.count <= Self.greatestSize else {
      throw Failure(reason: "the signature has more than \(Self.greatestSize) bytes")
    }
    // The line end of the header may be the one before the footer.
    var body = text[...].dropFirst(Self.header.count - 1)
    if body.last == UInt8(ascii: "\n") { body = body.dropLast() }
    guard text.starts(with: Self.header), body.count >= Self.footer.count,
      body.suffix(Self.footer.count).elementsEqual(Self.footer)
    else { throw Failure(reason: "the signature lacks its last line") }
    let base64 = body.dropLast(Self.footer.count).filter { $0 != UInt8(ascii: "\n") }
    guard let blob = SSHReader.decode(base64: base64) else {
      throw Failure(reason: "the signature is no base 64")
    }
    try self.init(blob: blob)
  }

  private init(blob: [UInt8]) throws(Failure) {
    var reader = SSHReader(blob)
    guard reader.bytes(Self.magic.count) == Self.magic, let version = reader.number() else {
      throw Failure(reason: "the signature is none of SSH")
    }
    guard version == 1 else {
      throw Failure(isUnsupported: version > 1, reason: "the signature has version \(version), and 1 is known")
    }
    guard let keyBlob = reader.string(), let namespace = reader.string(), let reserved = reader.string(),
      let hashName = reader.string(), let inner = reader.string(), reader.isAtEnd
    else { throw Failure(reason: "the signature is cut off or has bytes left over") }
    guard let key = SSHPublicKey(blob: keyBlob) else { throw Failure(reason: "the signature's key is none of SSH") }
    guard let hash = Hash(rawValue: String(decoding: hashName, as: UTF8.self)) else {
      throw Failure(reason: "the signature's digest is neither sha256 nor sha512")
    }
    var parts = SSHReader(inner)
    guard let algorithm = parts.string(), let signature = parts.string() else {
      throw Failure(reason: "the signature is cut off")
    }
    // What a security key adds stands behind its signature.
    guard parts.isAtEnd || key.ed25519 == nil else { throw Failure(reason: "the signature has bytes left over") }
    (self.key, self.namespace, self.reserved, self.hash) = (key, namespace, reserved, hash)
    (self.algorithm, self.signature) = (algorithm, signature)
  }

  /// Whether this is the signature by ``key``, which must be one of Ed25519, of exactly this message.
  func isValid(of message: [UInt8]) -> Bool {
    guard let ed25519 = key.ed25519, algorithm.elementsEqual(key.kind.utf8) else { return false }
    let fields = [namespace, reserved, Array(hash.rawValue.utf8), hash.digest(message)]
    return ed25519.verifies(signature, of: Self.magic + fields.flatMap(SSHReader.encode))
  }
}
