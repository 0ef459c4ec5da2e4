internal import CSodium
package import Ensign

/// A secret key as one word, for the secret store of a CI service: `ensign-secret-ed25519-` and the seed in hexadecimal.
///
/// One word, because such services hide the secrets that they know from logs, and are bad at hiding JSON; with a
/// beginning that scanners for leaked secrets can look for.
package enum SecretToken {
  private static let prefix = Array("ensign-secret-ed25519-".utf8)

  /// The word, for the caller to clear.
  package static func bytes(of key: SigningKey) -> [UInt8] {
    key.withSeed { seed in
      var digits = [CChar](repeating: 0, count: seed.count * 2 + 1)
      sodium_bin2hex(&digits, digits.count, seed, seed.count)
      defer { sodium_memzero(&digits, digits.count) }
      return prefix + digits.dropLast().map(UInt8.init(bitPattern:))
    }
  }

  /// The keys of words with white space between them.
  ///
  /// - Parameter bytes: the words; they are cleared.
  package static func keys(taking bytes: inout [UInt8]) throws(PublishingError) -> [SigningKey] {
    defer { SecretBytes.clear(&bytes) }
    var keys: [SigningKey] = []
    for word in bytes.split(whereSeparator: { $0 <= 0x20 }) {
      // No part of the word may appear in the message.
      guard word.starts(with: prefix), word.count == prefix.count + SigningKey.seedSize * 2 else {
        throw PublishingError(
          .invalidKey, "it is not a secret key as 'ensign key new --print' prints it",
          help: "it must be one word for each key")
      }
      let digits = Array(word.dropFirst(prefix.count)).map(CChar.init(bitPattern:))
      let seed = try SecretBytes(count: SigningKey.seedSize) { memory throws(PublishingError) in
        guard sodium_hex2bin(memory, SigningKey.seedSize, digits, digits.count, nil, nil, nil) == 0 else {
          throw PublishingError(
            .invalidKey, "it has something else than hexadecimal digits after 'ensign-secret-ed25519-'")
        }
      }
      keys.append(try SigningKey.ofSeed(seed))
    }
    return keys
  }
}
