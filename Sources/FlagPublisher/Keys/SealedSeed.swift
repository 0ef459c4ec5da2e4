internal import CSodium
internal import Ensign

/// The seed of a key, encrypted with a passphrase.
///
/// The passphrase is stretched by Argon2id (`crypto_pwhash` of libsodium), the seed encrypted and authenticated with
/// XSalsa20 and Poly1305 (`crypto_secretbox_easy`).
struct SealedSeed: Hashable, Sendable {
  /// How much work a guess of the passphrase costs.
  struct Cost: Hashable, Sendable {
    /// Bytes of memory.
    var memory: Int
    /// Passes over it.
    var operations: Int

    /// About a second, and a quarter of a gigabyte: libsodium's MODERATE.
    static let standard = Cost(
      memory: Int(crypto_pwhash_memlimit_moderate()), operations: Int(crypto_pwhash_opslimit_moderate()))
    /// What libsodium allows at the least; for tests.
    static let least = Cost(
      memory: Int(crypto_pwhash_memlimit_min()), operations: Int(crypto_pwhash_opslimit_min()))
    /// What a file may ask for: one that wants more is meant to stop the machine.
    static let greatest = Cost(memory: 1 << 30, operations: 20)
  }

  var cost: Cost
  var salt: [UInt8]
  var nonce: [UInt8]
  /// The encrypted seed, behind its authenticator.
  var box: [UInt8]

  static let saltSize = Int(crypto_pwhash_saltbytes())
  static let nonceSize = Int(crypto_secretbox_noncebytes())
  static let boxSize = Int(crypto_secretbox_macbytes()) + SigningKey.seedSize

  init(cost: Cost, salt: [UInt8], nonce: [UInt8], box: [UInt8]) {
    (self.cost, self.salt, self.nonce, self.box) = (cost, salt, nonce, box)
  }

  /// Encrypts the seed of `key`.
  init(_ key: SigningKey, passphrase: SecretBytes, cost: Cost = .standard) throws(PublishingError) {
    self.cost = cost
    salt = [UInt8](repeating: 0, count: Self.saltSize)
    nonce = [UInt8](repeating: 0, count: Self.nonceSize)
    randombytes_buf(&salt, salt.count)
    randombytes_buf(&nonce, nonce.count)
    let stretched = try Self.stretch(passphrase, salt, cost)
    let nonce = nonce
    box = key.withSeed { seed in
      var box = [UInt8](repeating: 0, count: Self.boxSize)
      _ = stretched.withPointer { crypto_secretbox_easy(&box, seed, UInt64(seed.count), nonce, $0) }
      return box
    }
  }

  /// Decrypts the seed.
  func open(_ passphrase: SecretBytes) throws(PublishingError) -> SecretBytes {
    guard cost.memory <= Cost.greatest.memory, cost.operations <= Cost.greatest.operations,
      cost.memory >= Cost.least.memory, cost.operations >= Cost.least.operations,
      salt.count == Self.saltSize, nonce.count == Self.nonceSize, box.count == Self.boxSize
    else { throw PublishingError(.invalidKey, "the encryption of the key is not one that Ensign writes") }
    let stretched = try Self.stretch(passphrase, salt, cost)
    return try SecretBytes(count: SigningKey.seedSize) { seed throws(PublishingError) in
      let status = stretched.withPointer { crypto_secretbox_open_easy(seed, box, UInt64(box.count), nonce, $0) }
      guard status == 0 else {
        throw PublishingError(.passphrase, "the passphrase does not open the key, or the key's file is damaged")
      }
    }
  }

  private static func stretch(
    _ passphrase: SecretBytes, _ salt: [UInt8], _ cost: Cost
  ) throws(PublishingError) -> SecretBytes {
    let count = Int(crypto_secretbox_keybytes())
    return try SecretBytes(count: count) { key throws(PublishingError) in
      let status = passphrase.withPointer { bytes in
        bytes.withMemoryRebound(to: CChar.self, capacity: passphrase.count) {
          crypto_pwhash(
            key, UInt64(count), $0, UInt64(passphrase.count), salt, UInt64(cost.operations), cost.memory,
            crypto_pwhash_alg_argon2id13())
        }
      }
      guard status == 0 else {
        throw PublishingError(
          .storage, "there is not enough memory to open the key: \(cost.memory >> 20) MiB are needed for a second")
      }
    }
  }
}
