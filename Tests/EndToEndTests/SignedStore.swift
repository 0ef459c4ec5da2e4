import Ensign
import Foundation

/// A store in a folder, with manifests signed as a test wishes.
struct SignedStore {
  let folder: TemporaryFolder
  let root: SigningKey
  let publisher: SigningKey
  /// A key that nobody trusts.
  let stranger: SigningKey

  /// Makes a store with a first trust file, which also lies in `trust.json`.
  init() throws {
    folder = try TemporaryFolder()
    root = try SigningKey(seed: Array(repeating: 1, count: 32))
    publisher = try SigningKey(seed: Array(repeating: 2, count: 32))
    stranger = try SigningKey(seed: Array(repeating: 3, count: 32))
    try addTrust(version: 1)
    try folder.write(try folder.read("store/trust/1.json"), to: "trust.json")
  }

  func addTrust(version: Int, epoch: Int = 1) throws {
    let keys = [root.publicKey, publisher.publicKey]
    let trust = TrustFile(
      version: version, epoch: epoch, expires: Self.now(plus: 365),
      keys: Dictionary(uniqueKeysWithValues: keys.map { ($0.id, $0) }),
      root: .init(keyIDs: [root.publicKey.id], threshold: 1),
      publish: .init(keyIDs: [publisher.publicKey.id], threshold: 1), environments: [:])
    try folder.write(Self.sealed(trust.payload, TrustFile.payloadType, by: root), to: "store/trust/\(version).json")
  }

  private static func now(plus days: Int64) -> Timestamp {
    Timestamp(milliseconds: Timestamp.now().milliseconds + days * 86_400_000)
  }

  private static func sealed(_ payload: [UInt8], _ type: String, by key: SigningKey) -> String {
    var envelope = Envelope(payload: payload, payloadType: type)
    envelope.sign(with: key)
    return String(decoding: envelope.bytes, as: UTF8.self)
  }

  /// A snapshot with one flag, whose description tells it from others.
  static func snapshot(_ environment: String, owner: String) -> String {
    """
    {"attributes":{},"environment":"\(environment)","flags":{"banner":{"enabled":true,"metadata":{"kind":"release",\
    "owner":"\(owner)","tags":[]},"off":"off","otherwise":{"variant":"on"},"type":"boolean",\
    "variants":{"off":false,"on":true}}},"format":1,"minimumReader":1,"private":[],"project":"acme","segments":{}}
    """
  }

  /// Publishes a snapshot that `owner` tells from others; returns the text of it.
  @discardableResult
  func publish(
    _ environment: String = "production", sequence: Int, owner: String? = nil, by key: SigningKey? = nil,
    expiresIn days: Int64 = 7, epoch: Int = 1
  ) throws -> String {
    let snapshot = Self.snapshot(environment, owner: owner ?? "team-\(sequence)")
    let digest = SHA256.hexadecimal(Array(snapshot.utf8))
    let manifest = Manifest(
      project: "acme", environment: environment, epoch: epoch, sequence: sequence, created: Self.now(plus: days - 7),
      expires: Self.now(plus: days),
      source: .init(
        commit: String(repeating: "a", count: 40), tree: String(repeating: "b", count: 40), ref: "refs/heads/main"),
      compiler: .init(name: "ensign", version: "0"),
      snapshot: .init(sha256: digest, size: snapshot.utf8.count, flags: 1, minimumReader: 1))
    try replace("blobs/sha256/\(digest)", with: snapshot)
    try replace(
      "environments/\(environment)/latest.json",
      with: Self.sealed(manifest.payload, Manifest.payloadType, by: key ?? publisher))
    return snapshot
  }

  /// Writes a file as publishers do: beside its place, then renamed.
  func replace(_ path: String, with text: String) throws {
    try folder.write(text, to: "store/\(path).new")
    guard rename(folder / "store/\(path).new", folder / "store/\(path)") == 0 else { throw POSIXError(.EIO) }
  }

  func latest(_ environment: String = "production") throws -> String {
    try folder.read("store/environments/\(environment)/latest.json")
  }
}
