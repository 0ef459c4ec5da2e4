import Testing

@testable import Ensign

/// The examples of NIST (FIPS 180-4, "Examples with Intermediate Values"; the long one of FIPS 180-2).
@Suite("Digests")
struct DigestTests {
  @Test(
    "SHA-256 gives what NIST publishes",
    arguments: [
      ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
  func sha256(text: String, count: Int, expected: String) {
    #expect(SHA256.hexadecimal([UInt8](String(repeating: text, count: count).utf8)) == expected)
  }

  @Test(
    "SHA-512 gives what NIST publishes",
    arguments: [
      (
        "abc", 1,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
          + "454d4423643ce80e2a9ac94fa54ca49f"
      ),
      (
        "a", 1_000_000,
        "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31b"
          + "eb009c5c2c49aa2e4eadb217ad8cc09b"
      ),
    ])
  func sha512(text: String, count: Int, expected: String) {
    #expect(Hexadecimal.encode(SHA512.digest([UInt8](String(repeating: text, count: count).utf8))) == expected)
  }
}
