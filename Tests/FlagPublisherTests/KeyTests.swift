import Ensign
import Foundation
import Testing

@testable import FlagPublisher

/// A folder that is removed with its last reference.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "publisher-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file with permissions, and returns its path.
  func write(_ bytes: [UInt8], _ name: String, mode: Int = 0o600) throws -> String {
    try Data(bytes).write(to: URL(filePath: path + "/" + name))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path + "/" + name)
    return path + "/" + name
  }
}

/// The key whose seed has one byte again and again.
func testKey(_ byte: UInt8) throws -> SigningKey { try SigningKey(seed: Array(repeating: byte, count: 32)) }

/// What no passphrase is asked for.
func noPassphrase() throws(PublishingError) -> SecretBytes {
  throw PublishingError(.passphrase, "asked for a passphrase")
}

@Suite("Key files")
struct KeyTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("of public keys are written and read")
  func publicKey() throws {
    let key = try testKey(1).publicKey
    let bytes = PublicKeyFile.bytes(of: key)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"keyid":"\#(key.id)","keytype":"ed25519","public":"\#(key.hexadecimal)","type":"ensign-public-key","v":1}"#
        + "\n")
    let path = try folder.write(bytes, "a.pub", mode: 0o644)
    #expect(try KeyFile.read(path, name: "a.pub").publicKey == key)
  }

  @Test("of secret keys without a passphrase are written and read, however they are laid out")
  func plain() throws {
    let key = try testKey(0xab)
    let bytes = try SecretKeyFile.bytes(of: key, passphrase: nil)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains(#""seed":"\#(String(repeating: "ab", count: 32))""#))
    let spread = text.replacing(",", with: " ,\n ").replacing(":", with: " : ")
    for text in [text, spread] {
      guard case .secret(let file) = try KeyFile.read(folder.write(Array(text.utf8), "k"), name: "k") else {
        Issue.record("no secret key")
        continue
      }
      #expect(!file.isEncrypted)
      #expect(file.publicKey == key.publicKey)
      #expect(try file.signingKey(passphrase: noPassphrase).sign([1, 2]) == key.sign([1, 2]))
    }
  }

  @Test("of secret keys with a passphrase open with it alone")
  func sealed() throws {
    let key = try SigningKey.generate()
    var bytes = SecretKeyFile.bytes(
      of: key, sealed: try SealedSeed(key, passphrase: SecretBytes(of: "open"), cost: .least))
    key.withSeed { seed in
      #expect(!String(decoding: bytes, as: UTF8.self).contains(seed.map { String(format: "%02x", $0) }.joined()))
    }
    let file = try SecretKeyFile(taking: &bytes)
    #expect(file.isEncrypted)
    #expect(file.publicKey == key.publicKey)
    #expect(
      try file.signingKey { () throws(PublishingError) in try SecretBytes(of: "open") }.publicKey == key.publicKey)
    for wrong in ["", "Open", "open "] {
      let error = #expect(throws: PublishingError.self) {
        try file.signingKey { () throws(PublishingError) in try SecretBytes(of: wrong) }
      }
      #expect(error?.code == .passphrase)
    }
    #expect(bytes.allSatisfy { $0 == 0 })
  }

  @Test("are encrypted at a cost that slows down guessing")
  func cost() throws {
    #expect(SealedSeed.Cost.standard.memory == 256 << 20)
    #expect(SealedSeed.Cost.standard.operations == 3)
    let key = try testKey(3)
    var bytes = try SecretKeyFile.bytes(of: key, passphrase: SecretBytes(of: "x"))
    let file = try SecretKeyFile(taking: &bytes)
    #expect(try file.signingKey { () throws(PublishingError) in try SecretBytes(of: "x") }.publicKey == key.publicKey)
  }

  @Test("are never the same twice, for one key and passphrase")
  func salt() throws {
    let key = try testKey(4)
    let first = try SealedSeed(key, passphrase: SecretBytes(of: "p"), cost: .least)
    let second = try SealedSeed(key, passphrase: SecretBytes(of: "p"), cost: .least)
    #expect(first.salt != second.salt)
    #expect(first.nonce != second.nonce)
    #expect(first.box != second.box)
  }

  @Test("that others can read are refused", arguments: [0o640, 0o604, 0o660, 0o644, 0o620, 0o602, 0o610])
  func exposed(_ mode: Int) throws {
    let path = try folder.write(SecretKeyFile.bytes(of: testKey(1), passphrase: nil), "k", mode: mode)
    let error = #expect(throws: PublishingError.self) { try KeyFile.read(path, name: "the.key") }
    #expect(error?.code == .exposedKey)
    #expect(error?.message.hasPrefix("the.key cannot be used") == true)
    #expect(error?.help.first?.contains("chmod 600 the.key") == true)
  }

  @Test("that are none, or damaged, are refused, without telling what they hold")
  func damaged() throws {
    let key = try testKey(0x5c)
    let good = String(decoding: try SecretKeyFile.bytes(of: key, passphrase: nil), as: UTF8.self)
    let seed = String(repeating: "5c", count: 32)
    let other = try testKey(1)
    for text in [
      "", "{", "hello", "[]", "{}", #"{"type":"ensign-snapshot"}"#, good + "x", String(good.dropLast(4)),
      good.replacing(seed, with: seed.dropLast()), good.replacing(seed, with: seed + "00"),
      good.replacing(seed, with: seed.dropLast() + "x"), good.replacing(seed, with: String(repeating: "07", count: 32)),
      good.replacing("\"none\"", with: "\"rot13\""), good.replacing("\"none\"", with: "{}"),
      good.replacing("\"v\":1", with: "\"v\":2"), good.replacing("ed25519", with: "rsa"),
      good.replacing(key.publicKey.id, with: other.publicKey.id),
      good.replacing(key.publicKey.hexadecimal, with: other.publicKey.hexadecimal),
      good.replacing("\"seed\"", with: "\"sead\""), good.replacing("{", with: "{\"seed\":\"00\","),
      good + String(repeating: " ", count: 5000),
    ] {
      let path = try folder.write(Array(text.utf8), "k")
      let error = #expect(throws: PublishingError.self, "\(text)") {
        guard case .secret(let file) = try KeyFile.read(path, name: "k") else { return }
        _ = try file.signingKey(passphrase: noPassphrase)
      }
      #expect(error?.code == .invalidKey, "\(text)")
      #expect(error?.description.contains("5c5c") == false)
    }
  }

  @Test("that ask for too much memory or time are refused")
  func greed() throws {
    let key = try testKey(9)
    let sealed = try SealedSeed(key, passphrase: SecretBytes(of: "p"), cost: .least)
    for cost in [
      SealedSeed.Cost(memory: 1 << 40, operations: 1), .init(memory: 8192, operations: 1 << 30),
      .init(memory: 0, operations: 1), .init(memory: 8192, operations: -1),
    ] {
      var greedy = sealed
      greedy.cost = cost
      let error = #expect(throws: PublishingError.self) { try greedy.open(SecretBytes(of: "p")) }
      #expect(error?.code == .invalidKey)
    }
  }

  @Test("may be links to files, not folders or what is missing")
  func places() throws {
    let path = try folder.write(PublicKeyFile.bytes(of: testKey(1).publicKey), "real")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: path)
    #expect(try KeyFile.read(folder.path + "/link", name: "link").publicKey == testKey(1).publicKey)
    for missing in [folder.path, folder.path + "/none", "/dev/null"] {
      let error = #expect(throws: PublishingError.self) { try KeyFile.read(missing, name: "k") }
      #expect(error?.code == .storage)
    }
  }

  @Test("have a form of one word")
  func token() throws {
    let keys = try [testKey(1), testKey(0xfe)]
    var words: [UInt8] = keys.flatMap { SecretToken.bytes(of: $0) + [0x0a] as [UInt8] }
    #expect(String(decoding: words.prefix(25), as: UTF8.self) == "ensign-secret-ed25519-010")
    #expect(try SecretToken.keys(taking: &words).map(\.publicKey) == keys.map(\.publicKey))
    #expect(words.allSatisfy { $0 == 0 })
    for wrong in ["hunter2", "ensign-secret-ed25519-", "ensign-secret-ed25519-" + String(repeating: "0g", count: 32)] {
      var bytes = Array(wrong.utf8)
      let error = #expect(throws: PublishingError.self) { try SecretToken.keys(taking: &bytes) }
      #expect(error?.code == .invalidKey)
      #expect(error?.description.contains("hunter2") == false)
      #expect(error?.description.contains("0g") == false)
    }
  }
}

extension SecretBytes {
  convenience init(of text: String) throws(PublishingError) {
    var bytes = Array(text.utf8)
    try self.init(taking: &bytes)
  }
}
