internal import CCrypto

/// The digest SHA-256 (FIPS 180-4), by OpenSSL's libcrypto, which uses the processor's instructions for it.
package enum SHA256 {
  /// The digest of bytes: 32 bytes.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
      ensign_sha256(bytes, bytes.count, digest.baseAddress)
      count = Int(SHA256_DIGEST_LENGTH)
    }
  }

  /// The digest of bytes in lower-case hexadecimal: 64 characters.
  package static func hexadecimal(_ bytes: [UInt8]) -> String {
    Hexadecimal.encode(digest(bytes))
  }
}
