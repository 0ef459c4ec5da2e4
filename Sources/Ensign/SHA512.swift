internal import CCrypto

/// The digest SHA-512 (FIPS 180-4), by OpenSSL's libcrypto.
package enum SHA512 {
  /// The digest of bytes: 64 bytes.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(SHA512_DIGEST_LENGTH)) { digest, count in
      ensign_sha512(bytes, bytes.count, digest.baseAddress)
      count = Int(SHA512_DIGEST_LENGTH)
    }
  }
}
