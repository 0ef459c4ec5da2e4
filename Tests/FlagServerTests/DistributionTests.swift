import Foundation
import Testing

@testable import Ensign
@testable import FlagServer

@Suite("Waiting for what is served")
struct DistributionTests {
  private let distribution = Distribution(environments: ["production"]) { _, _ in }

  /// What a follower tells of a manifest, which need not be signed for this.
  private func state(
    sequence: Int, epoch: Int = 1, created: Int64 = 0, environment: String = "production"
  ) throws -> (manifest: Manifest, followed: FollowedState) {
    let served = try ServedShop.environment(environment)
    let commit = String(repeating: "a", count: 40)
    let manifest = Manifest(
      project: "shop", environment: environment, epoch: epoch, sequence: sequence,
      created: Timestamp(milliseconds: created), expires: Timestamp(milliseconds: 4_000_000_000_000),
      source: .init(commit: commit, tree: commit, ref: "refs/heads/main"),
      compiler: .init(name: "ensign", version: "0"),
      snapshot: .init(sha256: served.sha256, size: served.bytes.count, flags: served.snapshot.count, minimumReader: 1))
    let report = ClientReport(
      status: .current, message: "", served: .current, epoch: epoch, sequence: sequence, trustVersion: 1)
    let envelope = Envelope(payload: manifest.payload, payloadType: Manifest.payloadType).bytes
    return (manifest, FollowedState(report: report, files: (served.snapshot, served.bytes, envelope), trust: []))
  }

  @Test("ends when the manifest is there, or what replaced it, and not before")
  func arrivals() throws {
    let awaited = try state(sequence: 2, created: 5000)
    #expect(distribution.wait(for: [], atMost: .seconds(100)).isEmpty)
    let early = [try state(sequence: 1), try state(sequence: 2, created: 4000)]
    for (_, followed) in early {
      distribution.take(followed, of: "production")
      #expect(distribution.wait(for: [awaited.manifest], atMost: .milliseconds(1)).isEmpty)
    }
    let late = [
      awaited, try state(sequence: 2, created: 6000), try state(sequence: 3), try state(sequence: 1, epoch: 2),
    ]
    for (manifest, followed) in late {
      let distribution = Distribution(environments: []) { _, _ in }
      DispatchQueue.global().asyncAfter(deadline: .now() + 0.02) { distribution.take(followed, of: "production") }
      #expect(distribution.wait(for: [awaited.manifest], atMost: .seconds(60)) == ["production"], "\(manifest)")
    }
  }

  @Test("says which of several are there")
  func several() throws {
    let there = try state(sequence: 1)
    let missing = try state(sequence: 1, environment: "staging")
    distribution.take(there.followed, of: "production")
    #expect(distribution.wait(for: [there.manifest, missing.manifest], atMost: .milliseconds(1)) == ["production"])
  }

  @Test("ends when the server does")
  func close() throws {
    let manifest = try state(sequence: 1).manifest
    let distribution = distribution
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.02) { distribution.close() }
    let start = Date()
    #expect(distribution.wait(for: [manifest], atMost: .seconds(60)).isEmpty)
    #expect(Date().timeIntervalSince(start) < 30)
  }
}
