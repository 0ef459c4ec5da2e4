package import Ensign

/// A public key of SSH (RFC 4253, section 6.6; for Ed25519 RFC 8709).
package struct SSHPublicKey: Hashable, Sendable {
  /// The name of its kind, such as `ssh-ed25519`.
  package let kind: String
  /// The whole key in SSH's encoding.
  let blob: [UInt8]
  /// The key itself, when it is one of Ed25519, the only kind that is verified.
  package let ed25519: PublicKey?

  /// The kinds that OpenSSH knows, certificates and security keys among them.
  static let kinds: Set<String> = {
    let plain = ["ssh-ed25519", "ssh-rsa", "ssh-dss"] + ["256", "384", "521"].map { "ecdsa-sha2-nistp" + $0 }
    let security = ["sk-ssh-ed25519", "sk-ecdsa-sha2-nistp256"]
    return Set(
      plain + plain.map { $0 + "-cert-v01@openssh.com" } + security.map { $0 + "@openssh.com" }
        + security.map { $0 + "-cert-v01@openssh.com" })
  }()

  /// Reads a key; nil when the bytes are none of a kind in ``kinds``.
  ///
  /// Of a kind that is not verified, only the name is read.
  init?(blob: [UInt8]) {
    var reader = SSHReader(blob)
    guard let name = reader.string(), case let kind = String(decoding: name, as: UTF8.self), Self.kinds.contains(kind)
    else { return nil }
    self.kind = kind
    self.blob = blob
    if kind == "ssh-ed25519" {
      guard let point = reader.string(), reader.isAtEnd, let key = try? PublicKey(point) else { return nil }
      ed25519 = key
    } else {
      ed25519 = nil
    }
  }

  /// The key's name for people, as `ssh-keygen -l` prints it: `SHA256:` and the digest in base 64 without padding.
  ///
  /// Nil for a certificate, which goes by the name of the key in it: that is not read.
  package var fingerprint: String? {
    if kind.hasSuffix("-cert-v01@openssh.com") { return nil }
    let digest = Base64.encode(SHA256.digest(blob)).utf8.filter { $0 != UInt8(ascii: "=") }
    return "SHA256:" + String(decoding: digest, as: UTF8.self)
  }
}
