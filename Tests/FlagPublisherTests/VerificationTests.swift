import Ensign
import Foundation
import Testing

@testable import FlagPublisher

@Suite("Verifying a store")
struct VerificationTests {
  let world: StoreWorld

  init() throws {
    world = try StoreWorld()
    try world.begin()
    try world.publish(world.publication(5))
  }

  private func verdicts() throws -> [String: ClientStatus] {
    let report = try world.report()
    let files = report.environments.flatMap(\.files).map { ($0.path, $0.status) }
    return Dictionary(files, uniquingKeysWith: { first, _ in first })
  }

  @Test("names the file that is wrong, and how")
  func damage() throws {
    let latest = StorePath.latest(environment: "production")
    let numbered = StorePath.manifest(environment: "production", epoch: 1, sequence: 5)
    let blob = StorePath.blob(sha256: SHA256.hexadecimal(StoreWorld.snapshot("production", 5)))
    let damages: [(path: String, change: (inout Data) -> Void, status: ClientStatus)] = [
      (latest, { $0.removeLast() }, .malformed), (latest, { $0[60] ^= 1 }, .untrusted),
      (latest, { $0.append(Data(repeating: 0x20, count: 70_000)) }, .oversized),
      (numbered, { $0[60] ^= 1 }, .untrusted), (numbered, { $0 = Data() }, .malformed),
      (blob, { $0[30] ^= 1 }, .tampered), (blob, { $0.removeLast() }, .tampered),
      (blob, { $0.append(0x20) }, .oversized),
      (blob + ".gz", { $0[30] ^= 1 }, .tampered), (blob + ".zst", { $0.removeLast() }, .tampered),
    ]
    for damage in damages {
      let url = URL(filePath: world.folder.path + "/" + damage.path)
      let good = try Data(contentsOf: url)
      var bad = good
      damage.change(&bad)
      try bad.write(to: url)
      #expect(try verdicts()[damage.path] == damage.status, "\(damage.path)")
      #expect(try world.report().verdict == damage.status)
      try FileManager.default.removeItem(at: url)
      let isNeeded = !damage.path.hasSuffix(".gz") && !damage.path.hasSuffix(".zst")
      #expect(try world.report().verdict == (isNeeded ? .unreachable : .current), "without \(damage.path)")
      try good.write(to: url)
    }
    #expect(try world.report().verdict == .current)
  }

  @Test("finds a second manifest for one place")
  func equivocation() throws {
    let latest = world.folder.path + "/" + StorePath.latest(environment: "production")
    let numbered = world.folder.path + "/" + StorePath.manifest(environment: "production", epoch: 1, sequence: 5)
    let first = try Data(contentsOf: URL(filePath: latest))
    for path in [latest, numbered] { try FileManager.default.removeItem(atPath: path) }
    try world.publish(world.publication(5, 77))
    try first.write(to: URL(filePath: numbered))
    #expect(try world.report().verdict == .equivocation)
  }

  @Test("does not take the manifest of another environment or project")
  func mismatch() throws {
    try world.publish(world.publication(5, environments: ["staging"]))
    let folder = world.folder.path + "/environments"
    let staging = try Data(contentsOf: URL(filePath: folder + "/staging/latest.json"))
    try staging.write(to: URL(filePath: folder + "/production/latest.json"))
    #expect(try world.report().verdict == .mismatch)
  }

  @Test("ends at a trust file that does not follow, and begins with the one that is relied on")
  func trust() throws {
    try world.rotate(TrustChange())
    #expect(try world.report().trust?.version == 2)
    let second = try Data(contentsOf: URL(filePath: world.folder.path + "/trust/2.json"))
    let verifier = StoreVerifier(
      now: StoreWorld.time(60), read: StoreVerifier.reading(FolderStore(folder: world.folder.path)))
    #expect(verifier.verify(["production"], anchor: Array(second)).verdict == .current)
    #expect(verifier.verify(["production"], anchor: Array("{}".utf8)).verdict == .malformed)
    #expect(verifier.verify([], anchor: Array(second)).verdict == .starting)
    try world.damage("trust/2.json")
    let report = try world.report()
    #expect(report.verdict == .untrusted || report.verdict == .malformed)
    #expect(report.environments.isEmpty)
  }

  @Test("calls what has expired stale")
  func stale() throws {
    #expect(try world.report(at: 7 * 86_400 + 299).verdict == .current)
    #expect(try world.report(at: 7 * 86_400 + 301).verdict == .stale)
    #expect(try world.report(at: 366 * 86_400).trustFailure?.status == .stale)
  }
}

@Suite("The first difference of two snapshots")
struct SnapshotDifferenceTests {
  private func difference(_ left: String, _ right: String) throws -> SnapshotDifference? {
    try SnapshotDifference.first(Array(left.utf8), Array(right.utf8))
  }

  @Test("is in the first flag, at its member")
  func flags() throws {
    let base = #"{"environment":"e","flags":{"a":{"off":"x"},"b":{"rules":[{"serve":{"variant":"on"}},{}]}}}"#
    #expect(try difference(base, base) == nil)
    for (right, flag, path, text) in [
      (
        base.replacing("\"on\"", with: "\"off\""), "b", "rules[0].serve.variant",
        #"flag 'b', rules[0].serve.variant: "on" in the published snapshot; rebuilt it is "off""#
      ),
      (
        base.replacing(",{}]", with: "]"), "b", "rules[1]",
        "flag 'b', rules[1]: {} in the published snapshot; missing when rebuilt"
      ),
      (
        base.replacing(#""a":{"off":"x"},"#, with: ""), "a", "",
        #"flag 'a': {"off":"x"} in the published snapshot; missing when rebuilt"#
      ),
      (
        base.replacing("\"e\"", with: "\"f\"").replacing("\"x\"", with: "1"), "a", "off",
        #"flag 'a', off: "x" in the published snapshot; rebuilt it is 1"#
      ),
    ] {
      let found = try #require(try difference(base, right))
      #expect(found.flag == flag)
      #expect(found.path == path)
      #expect(found.description == text)
    }
    let added = try #require(try difference(base, base.replacing("\"b\"", with: "\"aa\":1,\"b\"")))
    #expect(added.description == "flag 'aa': missing in the published snapshot; rebuilt it is 1")
    let segment = try #require(
      try difference(
        #"{"flags":{},"segments":{"s":{"include":["u"]}}}"#, #"{"flags":{},"segments":{"s":{"include":["v"]}}}"#))
    #expect(segment.flag == nil)
    #expect(segment.path == "segments.s.include[0]")
  }
}
