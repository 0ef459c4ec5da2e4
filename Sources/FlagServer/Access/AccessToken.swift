internal import CSodium
internal import Ensign

/// A token as the server knows it: the digest of a secret, and what the secret opens.
package struct AccessToken: Hashable, Sendable {
  /// What people call it: in logs, in metrics, and to take it away.
  package let name: String
  /// What it is good for.
  package let scope: AccessScope
  /// The environments that it is good for, in the order of the file; at least one.
  package let environments: [String]
  /// The SHA-256 digest of the secret: 32 bytes.
  ///
  /// A secret is 256 random bits, so that nothing is gained from a slow hash.
  package let digest: [UInt8]

  /// A token of its parts.
  package init(name: String, scope: AccessScope, environments: [String], digest: [UInt8]) {
    self.name = name
    self.scope = scope
    self.environments = environments
    self.digest = digest
  }

  /// The token's line in a file of tokens, without the line end.
  package var line: String {
    "\(name) \(scope.rawValue) \(environments.joined(separator: ",")) sha256:\(Hexadecimal.encode(digest))"
  }
}

/// The secret of a token: shown once, and known by its digest from then on.
package struct TokenSecret: Sendable {
  /// The beginning of all secrets, which scanners for leaked secrets can look for.
  package static let prefix = "ensign-token-"

  /// The secret as it is sent: ASCII letters, digits and hyphens.
  package let text: String

  /// A secret that was shown once.
  package init(text: String) { self.text = text }

  /// A secret of 256 random bits.
  package init() {
    var bytes = [UInt8](repeating: 0, count: 32)
    randombytes_buf(&bytes, bytes.count)
    text = Self.prefix + Hexadecimal.encode(bytes)
  }

  /// The digest by which a server knows the secret.
  package var digest: [UInt8] { SHA256.digest(Array(text.utf8)) }
}
