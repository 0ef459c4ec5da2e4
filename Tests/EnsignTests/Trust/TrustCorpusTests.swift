import Foundation
import SeededRandom
import Testing

@testable import Ensign

/// The inputs of the fuzz targets `fuzz-envelope`, `fuzz-trust` and `fuzz-manifest`, and neighbours of theirs, as plain
/// tests.
@Suite("Envelopes, trust files and manifests of all kinds")
struct TrustCorpusTests {
  static func files(_ folder: String) -> [String] {
    ((try? Fixtures.names(in: folder)) ?? []).map { "\(folder)/\($0)" }
  }

  @Test func thereAreCorpora() {
    #expect(Self.files("corpus-envelope").count >= 5)
    #expect(Self.files("corpus-trust").count >= 5)
    #expect(Self.files("corpus-manifest").count >= 5)
  }

  @Test(arguments: files("corpus-envelope") + files("corpus-trust") + files("corpus-manifest"))
  func isReadOrRefused(_ file: String) throws {
    let bytes = try Fixtures.bytes(file)
    Self.exercise(bytes)
    var random = SplitMix64(seed: UInt64(bytes.count))
    for _ in 0..<200 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) where !changed.isEmpty {
        let index = Int.random(in: changed.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: changed[index] = UInt8.random(in: 0x20..<0x7f, using: &random)
        case 1: changed.insert(changed[Int.random(in: changed.indices, using: &random)], at: index)
        default: changed.remove(at: index)
        }
      }
      Self.exercise(changed)
    }
  }

  /// What is read is read again from what is written of it.
  static func exercise(_ bytes: [UInt8]) {
    if let envelope = try? Envelope(parsing: bytes) {
      if let again = try? Envelope(parsing: envelope.bytes) { #expect(again == envelope) }
      #expect(envelope.signers(among: []).isEmpty)
    }
    if let trust = try? TrustFile(payload: bytes) { #expect((try? TrustFile(payload: trust.payload)) == trust) }
    if let manifest = try? Manifest(payload: bytes) { #expect((try? Manifest(payload: manifest.payload)) == manifest) }
  }

  /// The corpora hold what is written for these values today, byte for byte: the formats do not change by accident.
  @Test func theFormatsAreAsRecorded() throws {
    let keys = try TestKeys.keys(1...3)
    let plain = TrustFile.test(root: [keys[0]], publish: [keys[1]])
    let rich = TrustFile.test(
      version: 7, epoch: 3, root: keys, rootThreshold: 2, publish: Array(keys[1...]),
      environments: [
        "production": .init(keyIDs: keys[1...].map(\.publicKey.id), threshold: 2),
        "staging": .init(keyIDs: [keys[0].publicKey.id], threshold: 1),
      ])
    let manifest = Manifest.test()
    var full = Manifest.test(sequence: 9_007_199_254_740_991)
    full.previous = .init(sequence: 1, sha256: String(repeating: "0", count: 64))
    full.isDirty = true
    try compare("corpus-trust", ["plain": plain.payload, "rich": rich.payload])
    try compare("corpus-manifest", ["plain": manifest.payload, "full": full.payload])
    try compare(
      "corpus-envelope",
      [
        "trust": plain.sealed(by: [keys[0]]), "trust-of-three": rich.sealed(by: keys),
        "manifest": manifest.sealed(by: [keys[1]]), "unsigned": manifest.sealed(by: []),
      ])
  }

  private func compare(_ folder: String, _ files: [String: [UInt8]]) throws {
    for (name, bytes) in files {
      let file = "\(folder)/\(name).json"
      if ProcessInfo.processInfo.environment["ENSIGN_RECORD_FIXTURES"] == "1" {
        try Data(bytes).write(to: Fixtures.folder.appendingPathComponent(file))
        Issue.record("recorded \(file); run again without ENSIGN_RECORD_FIXTURES")
      } else {
        #expect(try Fixtures.text(file) == String(decoding: bytes, as: UTF8.self))
      }
    }
  }
}
