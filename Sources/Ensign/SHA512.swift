internal import CSodium

/// The digest SHA-512, by libsodium.
package enum SHA512 {
  /// The digest of bytes: 64 bytes.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha512_bytes()))
    // The function is documented to return 0 always.
    _ = crypto_hash_sha512(&digest, bytes, UInt64(bytes.count))
    return digest
  }
}
