import SeededRandom
import Testing

@testable import Ensign

@Suite("Ed25519")
struct Ed25519Tests {
  /// A published case; `seed` stands only where there is one.
  struct Case: CustomTestStringConvertible, Sendable {
    let seed: [UInt8]?
    let key: String
    let message: [UInt8]
    let signature: [UInt8]

    var testDescription: String { "\(key.prefix(8)) \(Hexadecimal.encode(signature.prefix(4)))" }
  }

  static func cases(_ name: String) throws -> [Case] {
    let document = try JSONValue(parsing: try Fixtures.bytes("ed25519/\(name).json"))
    return try #require(document["cases"]?.array).map { value in
      func bytes(_ name: String) -> [UInt8]? { value[name]?.string.flatMap(Hexadecimal.decode) }
      return Case(
        seed: bytes("seed"), key: try #require((value["public"] ?? value["pub_key"])?.string),
        message: try #require(bytes("message")), signature: try #require(bytes("signature")))
    }
  }

  @Test func thereAreCases() throws {
    #expect(try Self.cases("rfc8032").count == 3)
    #expect(try Self.cases("edge-cases").count == 10)
  }

  @Test(arguments: try cases("rfc8032"))
  func signsAsTheRFC(_ vector: Case) throws {
    let key = try SigningKey(seed: try #require(vector.seed))
    #expect(key.publicKey.hexadecimal == vector.key)
    #expect(key.sign(vector.message) == vector.signature)
    #expect(key.publicKey.verifies(vector.signature, of: vector.message))
    #expect(key.withSeed { $0 } == vector.seed)
  }

  @Test(arguments: try cases("edge-cases"))
  func acceptsNoEdgeCase(_ vector: Case) {
    let key = try? PublicKey(hexadecimal: vector.key)
    #expect(key?.verifies(vector.signature, of: vector.message) != true)
  }

  /// The points of small order, in every encoding that decoders take: from the paper of the edge cases, its table 5.
  @Test(arguments: [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  ])
  func refusesKeysOfSmallOrder(_ key: String) {
    #expect(throws: VerificationError(.malformed, "\(key) is no Ed25519 public key")) {
      try PublicKey(hexadecimal: key)
    }
  }

  @Test(arguments: UInt64(0)..<50)
  func refusesEveryOtherSignature(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let key = try SigningKey(seed: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
    let message = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    let signature = key.sign(message)
    #expect(key.publicKey.verifies(signature, of: message))
    #expect(!key.publicKey.verifies(Self.addingOrder(to: signature), of: message), "S + L is a second spelling of S")
    #expect(!key.publicKey.verifies(signature.dropLast(), of: message))
    #expect(!key.publicKey.verifies(signature + [0], of: message))
    #expect(!key.publicKey.verifies([], of: message))
    #expect(!key.publicKey.verifies(signature, of: message + [0]))
    #expect(try !SigningKey.generate().publicKey.verifies(signature, of: message))
    for _ in 0..<20 {
      var other = signature
      other[Int.random(in: other.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      #expect(!key.publicKey.verifies(other, of: message))
    }
  }

  /// The same signature with the group's order added to its scalar, which the equation does not notice.
  private static func addingOrder(to signature: [UInt8]) -> [UInt8] {
    let order: [UInt8] = [
      0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ]
    var result = signature
    var carry = 0
    for place in 0..<32 {
      carry += Int(signature[32 + place]) + Int(order[place])
      result[32 + place] = UInt8(carry & 255)
      carry >>= 8
    }
    return result
  }

  @Test func refusesWhatIsNoKey() {
    for text in ["", "00", String(repeating: "g", count: 64), String(repeating: "AB", count: 32)] {
      #expect(throws: VerificationError.self) { try PublicKey(hexadecimal: text) }
    }
    #expect(throws: VerificationError.self) { try PublicKey([1, 2, 3]) }
    #expect(throws: VerificationError.self) { try SigningKey(seed: Array(repeating: 1, count: 31)) }
  }

  @Test func newKeysDiffer() throws {
    #expect(try SigningKey.generate().publicKey != SigningKey.generate().publicKey)
  }
}

@Suite("Base 64 and hexadecimal")
struct TextualBytesTests {
  /// RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func readsAndWritesTheVectorsOfTheRFC(bytes: String, text: String) {
    #expect(Base64.encode(Array(bytes.utf8)) == text)
    #expect(Base64.decode(text) == Array(bytes.utf8))
    #expect(Base64.decode(text.filter { $0 != "=" }) == Array(bytes.utf8))
  }

  @Test func readsBothAlphabets() {
    #expect(Base64.decode("+/+/") == [0xfb, 0xff, 0xbf])
    #expect(Base64.decode("-_-_") == [0xfb, 0xff, 0xbf])
    #expect(Base64.decode("-_8=") == Base64.decode("+/8"))
  }

  @Test(arguments: ["Z", "Zg=", "Zh==", "Zg==Zg==", "Z g=", "Zg==\n", "+_+_", "Zm9v\0", "é"])
  func refusesWhatIsNoBase64(_ text: String) { #expect(Base64.decode(text) == nil) }

  @Test func readsLowerCaseDigitsOnly() {
    #expect(Hexadecimal.decode("00ff7a") == [0, 255, 122])
    #expect(Hexadecimal.encode([0, 255, 122]) == "00ff7a")
    for text in ["0", "0g", "FF", "0x", " 0"] { #expect(Hexadecimal.decode(text) == nil) }
  }
}
