import Ensign
import Foundation
import Testing

@testable import ensign

@Suite("pull")
struct PullTests {
  let folder: TemporaryFolder
  private let root: SigningKey
  private let publisher: SigningKey

  init() throws {
    folder = try TemporaryFolder()
    root = try SigningKey(seed: Array(repeating: 1, count: 32))
    publisher = try SigningKey(seed: Array(repeating: 2, count: 32))
    let keys = [root.publicKey, publisher.publicKey]
    let trust = TrustFile(
      version: 1, epoch: 1, expires: Self.now(plus: 365),
      keys: Dictionary(uniqueKeysWithValues: keys.map { ($0.id, $0) }),
      root: .init(keyIDs: [root.publicKey.id], threshold: 1),
      publish: .init(keyIDs: [publisher.publicKey.id], threshold: 1), environments: [:])
    let signed = Self.sealed(trust.payload, TrustFile.payloadType, by: root)
    try folder.write(signed, to: "trust.json")
    try folder.write(signed, to: "store/trust/1.json")
    _ = ensign("init", "--project", "acme", in: folder.path)
  }

  private static func now(plus days: Int64) -> Timestamp {
    Timestamp(milliseconds: Timestamp.now().milliseconds + days * 86_400_000)
  }

  private static func sealed(_ payload: [UInt8], _ type: String, by key: SigningKey) -> String {
    var envelope = Envelope(payload: payload, payloadType: type)
    envelope.sign(with: key)
    return String(decoding: envelope.bytes, as: UTF8.self)
  }

  /// Publishes what the flags tree compiles to.
  @discardableResult
  private func publish(sequence: Int, by key: SigningKey? = nil, expiresIn days: Int64 = 7) throws -> String {
    let snapshot = ensign("compile", "-e", "production", in: folder.path).output
    let digest = SHA256.hexadecimal(Array(snapshot.utf8))
    let manifest = Manifest(
      project: "acme", environment: "production", epoch: 1, sequence: sequence, created: Self.now(plus: days - 7),
      expires: Self.now(plus: days),
      source: .init(
        commit: String(repeating: "a", count: 40), tree: String(repeating: "b", count: 40), ref: "refs/heads/main"),
      compiler: .init(name: "ensign", version: "0"),
      snapshot: .init(sha256: digest, size: snapshot.utf8.count, flags: 1, minimumReader: 1))
    try folder.write(snapshot, to: "store/blobs/sha256/\(digest)")
    let signed = Self.sealed(manifest.payload, Manifest.payloadType, by: key ?? publisher)
    try folder.write(signed, to: "store/environments/production/latest.json")
    return snapshot
  }

  private func pull(_ options: String...) -> Outcome {
    run(
      ["pull", "store", "--environment", "production", "--trust", "trust.json", "--into", "out"] + options,
      in: folder.path)
  }

  @Test("writes the verified snapshot and its manifest")
  func writes() throws {
    let snapshot = try publish(sequence: 4)
    let first = pull()
    #expect(first.status == 0, "\(first)")
    let digest = SHA256.hexadecimal(Array(snapshot.utf8))
    #expect(first.output == "production: CURRENT, epoch 1, sequence 4, sha256 \(digest), updated\n")
    #expect(try folder.read("out/snapshot.json") == snapshot)
    let manifest = try folder.read("store/environments/production/latest.json")
    #expect(try folder.read("out/manifest.json") == manifest)
    let mode = try FileManager.default.attributesOfItem(atPath: folder / "out/snapshot.json")[.posixPermissions] as? Int
    #expect(mode.map { $0 & 0o444 } == 0o444)
    #expect(pull().output == "production: CURRENT, epoch 1, sequence 4, sha256 \(digest), unchanged\n")
    // What somebody else wrote is put right.
    try folder.write("{}", to: "out/snapshot.json")
    #expect(pull().output.hasSuffix(", updated\n"))
    #expect(try folder.read("out/snapshot.json") == snapshot)
  }

  @Test("refuses what it should, and keeps what it has")
  func refuses() throws {
    let snapshot = try publish(sequence: 4)
    _ = pull()
    try publish(sequence: 3)
    let older = pull()
    #expect(older.status == 1, "\(older)")
    #expect(older.output.contains("production: ROLLBACK, epoch 1, sequence 4"))
    try publish(sequence: 5, by: root)
    let forged = pull("--format", "json")
    #expect(forged.status == 1)
    #expect(try JSONValue(parsing: String(forged.output.dropLast()))["status"]?.string == "UNTRUSTED")
    #expect(try folder.read("out/snapshot.json") == snapshot)
  }

  @Test("ends with 2 when there is no store, and with 1 when nobody renewed it")
  func failures() throws {
    let missing = pull()
    #expect(missing.status == 2, "\(missing)")
    #expect(missing.output.contains("production: UNREACHABLE: "))
    try publish(sequence: 4, expiresIn: -1)
    let stale = pull()
    #expect(stale.status == 1)
    #expect(stale.output.contains("production: STALE, epoch 1, sequence 4"))
    #expect(stale.output.contains("the manifest expired at"))
    #expect(FileManager.default.fileExists(atPath: folder / "out/snapshot.json"))
  }

  @Test("keeps to the project that it pulled first")
  func project() throws {
    try publish(sequence: 4)
    #expect(pull("--project", "globex").output.contains("MISMATCH"))
    #expect(pull().status == 0)
    let other = pull("--project", "globex")
    #expect(other.status == 2)
    #expect(other.messages.contains("belongs to the project 'acme'"))
  }

  @Test(
    "says what is missing",
    arguments: [
      ("", "pull needs a STORE"), ("store", "pull needs --into DIR"), ("store --into o", "pull needs --environment"),
      ("store --into o -e production", "pull needs --trust FILE"),
      ("store --into o -e production --trust none.json", "none.json: No such file"),
      ("store --into o -e production --trust flags/ensign.yaml", "the trust file is not usable"),
      ("store --into o -e pro/duction --trust trust.json", "is no environment"),
      ("ftp://host/x --into o -e production --trust trust.json", "not ftp://"),
      ("store --into o -e production --trust trust.json --follow --interval soon", "--interval is a number"),
      ("store --into o -e production --trust trust.json --interval 5", "--interval needs --follow"),
    ])
  func usage(_ options: String, _ message: String) {
    let outcome = run(["pull"] + options.split(separator: " ").map(String.init), in: folder.path)
    #expect(outcome.status == 2, "\(outcome)")
    #expect(outcome.messages.contains(message), "\(outcome)")
  }

  @Test("follows until it is told to end")
  func follow() throws {
    try publish(sequence: 4)
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = [
      "pull", "store", "-e", "production", "--trust", "trust.json", "--into", "out", "--follow", "--interval", "1",
    ]
    process.currentDirectoryURL = URL(filePath: folder.path)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.start()
    var lines = pipe.fileHandleForReading.availableData
    #expect(String(decoding: lines, as: UTF8.self).contains("CURRENT, epoch 1, sequence 4"))
    try publish(sequence: 9)
    lines = pipe.fileHandleForReading.availableData
    #expect(String(decoding: lines, as: UTF8.self).contains("CURRENT, epoch 1, sequence 9"))
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 0)
    // The lock is free again.
    #expect(pull().status == 0)
  }
}
