internal import CSodium

/// The secret half of an Ed25519 key.
///
/// It lies in memory that is never swapped out where the system allows it, that no core dump holds, and that is cleared
/// before it is freed.
package final class SigningKey: Sendable {
  /// The half that everybody may know.
  package let publicKey: PublicKey
  /// The seed, then the public key: libsodium's form, 64 bytes, read only.
  nonisolated(unsafe) private let secret: UnsafeMutablePointer<UInt8>

  /// The number of bytes of a seed.
  package static let seedSize = 32

  /// The key of a seed (the private key of RFC 8032): 32 bytes, which stay the caller's to clear.
  package init(seed: [UInt8]) throws(VerificationError) {
    guard seed.count == Self.seedSize else {
      throw VerificationError(.malformed, "the seed of an Ed25519 key has 32 bytes, not \(seed.count)")
    }
    guard Sodium.isReady, let memory = sodium_malloc(Int(crypto_sign_ed25519_secretkeybytes())) else {
      throw VerificationError(.unstored, "there is no guarded memory or no source of random numbers for a secret key")
    }
    secret = memory.assumingMemoryBound(to: UInt8.self)
    var bytes = [UInt8](repeating: 0, count: Int(crypto_sign_ed25519_publickeybytes()))
    _ = crypto_sign_ed25519_seed_keypair(&bytes, secret, seed)
    do throws(VerificationError) {
      publicKey = try PublicKey(bytes)
    } catch {
      sodium_free(secret)
      throw error
    }
    sodium_mprotect_readonly(secret)
  }

  deinit { sodium_free(secret) }

  /// A new key, from the system's source of random numbers.
  package static func generate() throws(VerificationError) -> SigningKey {
    guard Sodium.isReady else { throw VerificationError(.unstored, "this machine has no source of random numbers") }
    var seed = [UInt8](repeating: 0, count: seedSize)
    randombytes_buf(&seed, seed.count)
    defer { sodium_memzero(&seed, seed.count) }
    return try SigningKey(seed: seed)
  }

  /// Calls `body` with a copy of the seed, which is cleared afterwards.
  package func withSeed<Result, Failure: Error>(_ body: ([UInt8]) throws(Failure) -> Result) throws(Failure) -> Result {
    var seed = Array(UnsafeBufferPointer(start: secret, count: Self.seedSize))
    defer { sodium_memzero(&seed, seed.count) }
    return try body(seed)
  }

  /// The 64 bytes of this key's signature of a message; the same message gives the same signature.
  package func sign(_ message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: Int(crypto_sign_ed25519_bytes()))
    _ = crypto_sign_ed25519_detached(&signature, nil, message, UInt64(message.count), secret)
    return signature
  }
}
