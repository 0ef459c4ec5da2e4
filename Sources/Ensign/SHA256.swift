internal import CSodium

/// The digest SHA-256, by libsodium.
package enum SHA256 {
  /// The digest of bytes: 32 bytes.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_bytes()))
    // The function is documented to return 0 always.
    _ = crypto_hash_sha256(&digest, bytes, UInt64(bytes.count))
    return digest
  }

  /// The digest of bytes in lower-case hexadecimal: 64 characters.
  package static func hexadecimal(_ bytes: [UInt8]) -> String {
    Hexadecimal.encode(digest(bytes))
  }
}
