internal import CCrypto

/// The digest SHA-256 (FIPS 180-4), by OpenSSL's libcrypto, which uses the processor's instructions for it.
package struct SHA256: Sendable {
  private var context = SHA256_CTX()

  /// A digest of nothing yet, for bytes that come in parts.
  package init() { SHA256_Init(&context) }

  /// Adds the next bytes.
  package mutating func update(_ bytes: ArraySlice<UInt8>) {
    bytes.withUnsafeBytes { _ = SHA256_Update(&context, $0.baseAddress, $0.count) }
  }

  /// The digest of all bytes: 32 bytes.
  package consuming func digest() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
      SHA256_Final(digest.baseAddress, &context)
      count = Int(SHA256_DIGEST_LENGTH)
    }
  }

  /// The digest of bytes: 32 bytes.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes[...])
    return hash.digest()
  }

  /// The digest of bytes in lower-case hexadecimal: 64 characters.
  package static func hexadecimal(_ bytes: [UInt8]) -> String {
    Hexadecimal.encode(digest(bytes))
  }
}
