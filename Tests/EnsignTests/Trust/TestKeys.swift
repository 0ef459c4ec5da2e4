@testable import Ensign

/// Keys for tests: everybody can make them, so they protect nothing.
enum TestKeys {
  /// The key of a number: its seed is that byte, 32 times.
  static func key(_ number: UInt8) throws -> SigningKey { try SigningKey(seed: Array(repeating: number, count: 32)) }

  /// The keys of some numbers.
  static func keys(_ numbers: some Sequence<UInt8>) throws -> [SigningKey] { try numbers.map(key) }
}

/// A fixed moment for tests: 2026-11-21T12:00:00Z.
let noon = Timestamp(milliseconds: 1_795_262_400_000)

extension Timestamp {
  /// The moment some seconds later.
  func adding(seconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds + seconds * 1000) }
}

extension Envelope {
  /// The bytes of a payload that keys signed.
  static func sealed(_ payload: [UInt8], _ type: String, by keys: [SigningKey]) -> [UInt8] {
    var envelope = Envelope(payload: payload, payloadType: type)
    for key in keys { envelope.sign(with: key) }
    return envelope.bytes
  }
}

extension TrustFile {
  /// A trust file of test keys.
  static func test(
    version: Int = 1, epoch: Int = 1, root: [SigningKey], rootThreshold: Int = 1, publish: [SigningKey],
    publishThreshold: Int = 1, environments: [String: Role] = [:]
  ) -> TrustFile {
    TrustFile(
      version: version, epoch: epoch, expires: noon.adding(seconds: 86_400 * 365),
      keys: Dictionary(
        (root + publish).map { ($0.publicKey.id, $0.publicKey) }, uniquingKeysWith: { first, _ in first }),
      root: Role(keyIDs: root.map(\.publicKey.id), threshold: rootThreshold),
      publish: Role(keyIDs: publish.map(\.publicKey.id), threshold: publishThreshold), environments: environments)
  }

  /// The file, signed by keys.
  func sealed(by keys: [SigningKey]) -> [UInt8] { Envelope.sealed(payload, Self.payloadType, by: keys) }
}

extension Manifest {
  /// A manifest for tests.
  static func test(
    environment: String = "production", epoch: Int = 1, sequence: Int = 1, snapshot: [UInt8] = Array("{}".utf8),
    created: Timestamp = noon
  ) -> Manifest {
    Manifest(
      project: "acme-shop", environment: environment, epoch: epoch, sequence: sequence, created: created,
      expires: created.adding(seconds: 86_400 * 7),
      source: Source(
        commit: String(repeating: "a", count: 40), tree: String(repeating: "b", count: 40), ref: "refs/heads/main"),
      compiler: Compiler(name: "ensign", version: "0"),
      snapshot: SnapshotReference(
        sha256: SHA256.hexadecimal(snapshot), size: snapshot.count, flags: 0, minimumReader: 1))
  }

  /// The manifest, signed by keys.
  func sealed(by keys: [SigningKey]) -> [UInt8] { Envelope.sealed(payload, Self.payloadType, by: keys) }
}
