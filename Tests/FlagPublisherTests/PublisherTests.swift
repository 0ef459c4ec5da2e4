import Ensign
import Foundation
import Testing

@testable import FlagPublisher

@Suite("Publishing")
struct PublisherTests {
  let world: StoreWorld

  init() throws {
    world = try StoreWorld()
    try world.begin()
  }

  @Test("writes the files of a store")
  func layout() throws {
    let results = try world.publish(world.publication(5, environments: ["staging", "production"]))
    #expect(results.map(\.manifest.environment) == ["staging", "production"])
    #expect(results.map(\.outcome) == [.published, .published])
    #expect(results.map(\.manifest.previous) == [nil, nil])
    let digests = results.map(\.manifest.snapshot.sha256)
    #expect(
      world.files
        == (digests.flatMap { ["blobs/sha256/\($0)", "blobs/sha256/\($0).gz", "blobs/sha256/\($0).zst"] } + [
          "environments/production/latest.json", "environments/production/manifests/1.5.json",
          "environments/staging/latest.json", "environments/staging/manifests/1.5.json", "publish.lock", "trust/1.json",
        ]).sorted())
    for path in world.files where path != "publish.lock" {
      let attributes = try FileManager.default.attributesOfItem(atPath: world.folder.path + "/" + path)
      #expect(attributes[.posixPermissions] as? Int == 0o644)
    }
    #expect(try world.report(["staging", "production"]).verdict == .current)
  }

  @Test("names what it replaces, by the digest of its payload")
  func previous() throws {
    try world.publish(world.publication(5))
    let bytes = try Data(contentsOf: URL(filePath: world.folder.path + "/environments/production/latest.json"))
    let payload = try Envelope(parsing: Array(bytes)).payload
    let next = try world.publish(world.publication(9))[0].manifest
    #expect(next.previous == .init(sequence: 5, sha256: SHA256.hexadecimal(payload)))
    #expect(try world.number() == 9)
  }

  @Test("goes forwards only")
  func order() throws {
    try world.publish(world.publication(5))
    let before = world.files
    let older = try #require(failure { () throws(PublishingError) in try world.publish(world.publication(4)) })
    #expect(older.code == .notNewer)
    #expect(older.message.contains("is older, with sequence 4"))
    #expect(older.help.first?.contains("git revert") == true)
    let forged = try #require(failure { () throws(PublishingError) in try world.publish(world.publication(5, 77)) })
    #expect(forged.code == .notNewer)
    #expect(forged.message.contains("with another snapshot"))
    let other = try #require(
      failure { () throws(PublishingError) in
        _ = try world.publisher().publish(world.publication(8)) { _ in false }
      })
    #expect(other.code == .notNewer)
    #expect(other.message.contains("does not follow it"))
    #expect(other.help.first?.contains("refs/heads/main") == true)
    #expect(world.files == before)
    #expect(try world.number() == 5)
  }

  @Test("of the same commit renews it")
  func renewal() throws {
    try world.publish(world.publication(4))
    let first = try world.publish(world.publication(5))[0].manifest
    let again = try world.publish(world.publication(5), at: 86_400)[0]
    #expect(again.outcome == .renewed)
    #expect(again.manifest.expires == StoreWorld.time(8 * 86_400))
    #expect(again.manifest.previous == first.previous)
    #expect(try again.manifest.checkFollows(first) == .renewed)
    let renewed = try world.publisher(at: 2 * 86_400).renew(["production"])[0]
    #expect(renewed.manifest.expires == StoreWorld.time(9 * 86_400))
    #expect(try renewed.manifest.checkFollows(again.manifest) == .renewed)
    #expect(try world.report(at: 9 * 86_400).verdict == .current)
    #expect(try world.report(at: 10 * 86_400).verdict == .stale)
    // Even twice in the same second: clients must see which is the newer one.
    let next = try world.publisher(at: 2 * 86_400).renew(["production"])[0]
    #expect(try next.manifest.checkFollows(renewed.manifest) == .renewed)
    let wrongClock = try #require(
      failure { () throws(PublishingError) in _ = try world.publisher(at: 0).renew(["production"]) })
    #expect(wrongClock.help == ["set the clock"])
  }

  @Test("cannot renew what is not there")
  func nothingToRenew() throws {
    let error = try #require(failure { () throws(PublishingError) in _ = try world.publisher().renew(["staging"]) })
    #expect(error.code == .unpublished)
    try world.publish(world.publication(5))
    let digest = SHA256.hexadecimal(StoreWorld.snapshot("production", 5))
    try FileManager.default.removeItem(atPath: world.folder.path + "/blobs/sha256/" + digest)
    let lost = try #require(failure { () throws(PublishingError) in _ = try world.publisher().renew(["production"]) })
    #expect(lost.code == .damagedStore)
  }

  @Test("wants as many keys as the trust file says")
  func thresholds() throws {
    let strict = world.publication(5, environments: ["production", "strict"])
    let error = try #require(failure { () throws(PublishingError) in try world.publish(strict) })
    #expect(error.code == .signatures)
    #expect(error.message == "'strict' needs 2 signatures, and the keys at hand give 1")
    #expect(error.help == ["name more keys with --key, of \(world.second.publicKey.id)"])
    #expect(world.files == ["publish.lock", "trust/1.json"])
    let none = try #require(failure { () throws(PublishingError) in try world.publish(strict, []) })
    #expect(none.code == .signatures)
    let twice = try #require(
      failure { () throws(PublishingError) in try world.publish(strict, [world.second, world.second]) })
    #expect(twice.code == .signatures)
    let results = try world.publish(strict, [world.publisher, world.second])
    #expect(results.allSatisfy { $0.signers.count == 2 })
  }

  @Test("refuses keys that are none of its own")
  func foreignKeys() throws {
    for key in try [world.root, testKey(99)] {
      let error = try #require(
        failure { () throws(PublishingError) in try world.publish(world.publication(5), [world.publisher, key]) })
      #expect(error.code == .signatures)
      #expect(error.message.contains(key.publicKey.id))
    }
  }

  @Test("needs a chain of trust that holds")
  func chain() throws {
    let empty = PublishedStore(files: DiskFiles(root: world.folder.path + "/empty"), name: "empty")
    let none = try #require(
      failure { () throws(PublishingError) in try world.publish(world.publication(5), store: empty) })
    #expect(none.code == .noTrust)
    #expect(none.help.first?.contains("ensign trust init") == true)
    let expired = try #require(
      failure { () throws(PublishingError) in try world.publish(world.publication(5), at: 366 * 86_400) })
    #expect(expired.code == .noTrust)
    #expect(expired.help.first?.contains("ensign trust rotate") == true)
    try world.rotate(TrustChange())
    try world.damage("trust/2.json")
    let damaged = try #require(failure { () throws(PublishingError) in try world.publish(world.publication(5)) })
    #expect(damaged.code == .noTrust)
    #expect(damaged.message.contains("trust/2.json"))
  }

  @Test("goes on when its keys were replaced")
  func rotation() throws {
    try world.publish(world.publication(5))
    var change = TrustChange()
    change.removedPublishers = [world.publisher.publicKey.id]
    let third = try testKey(4)
    change.addedPublishers = [third.publicKey]
    try world.rotate(change)
    // What the old key signed is not accepted any more, but what it said still counts: clients have it.
    #expect(try world.report().verdict == .untrusted)
    let older = try #require(failure { () throws(PublishingError) in try world.publish(world.publication(4), [third]) })
    #expect(older.code == .notNewer)
    // Renewing would trust, unseen, what the key signed that was removed.
    let renewed = failure { () throws(PublishingError) in _ = try world.publisher([third]).renew(["production"]) }
    #expect(renewed?.code == .signatures)
    #expect(renewed?.help.first?.contains("ensign publish") == true)
    #expect(try world.publish(world.publication(5), [third])[0].outcome == .renewed)
    #expect(try world.report().verdict == .current)
    #expect(try world.publish(world.publication(6), [third])[0].manifest.previous?.sequence == 5)
  }

  @Test("begins again in a new epoch, whatever a stolen key did in the one before")
  func newEpoch() throws {
    try world.publish(world.publication(5))
    try world.publish(world.publication(1_000_000_000))
    let stuck = try #require(failure { () throws(PublishingError) in try world.publish(world.publication(6)) })
    #expect(stuck.code == .notNewer)
    #expect(stuck.help.last?.contains("--new-epoch") == true)
    var change = TrustChange()
    change.removedPublishers = [world.publisher.publicKey.id]
    change.environmentThresholds = [("strict", 1)]
    change.startsEpoch = true
    try world.rotate(change)
    let over = try #require(
      failure { () throws(PublishingError) in _ = try world.publisher([world.second]).renew(["production"]) })
    #expect(over.code == .unpublished)
    let manifest = try world.publish(world.publication(6), [world.second])[0].manifest
    #expect(manifest.epoch == 2)
    #expect(manifest.sequence == 6)
    #expect(try world.number() == 6)
  }

  @Test("does not build on what is not signed")
  func damagedLatest() throws {
    try world.publish(world.publication(5))
    try world.damage("environments/production/latest.json")
    let error = try #require(failure { () throws(PublishingError) in try world.publish(world.publication(6)) })
    #expect(error.code == .damagedStore)
    #expect(error.help.count == 2)
  }

  @Test("refuses the store of another project")
  func otherProject() throws {
    try world.publish(world.publication(5))
    var other = world.publication(6)
    other.project = "bank"
    let error = try #require(failure { () throws(PublishingError) in try world.publish(other) })
    #expect(error.code == .damagedStore)
    #expect(error.message.contains("MISMATCH"))
  }

  @Test("remembers a manifest that never became the latest, and a latest.json that was lost")
  func numbered() throws {
    try world.publish(world.publication(5))
    let latest = world.folder.path + "/environments/production/latest.json"
    let kept = try Data(contentsOf: URL(filePath: latest))
    try world.publish(world.publication(7))
    for state in [kept, nil] {
      if let state {
        try state.write(to: URL(filePath: latest))
      } else {
        try FileManager.default.removeItem(atPath: latest)
      }
      let older = try #require(failure { () throws(PublishingError) in try world.publish(world.publication(6)) })
      #expect(older.code == .notNewer)
      let other = try #require(failure { () throws(PublishingError) in try world.publish(world.publication(7, 70)) })
      #expect(other.code == .notNewer)
    }
    #expect(try world.publish(world.publication(7))[0].outcome == .renewed)
    #expect(try world.number() == 7)
  }

  @Test("mends snapshots that were damaged")
  func mending() throws {
    try world.publish(world.publication(5))
    let blob = StorePath.blob(sha256: SHA256.hexadecimal(StoreWorld.snapshot("production", 5)))
    for suffix in ["", ".gz", ".zst"] {
      try world.damage(blob + suffix)
      #expect(try world.report().verdict == .tampered)
      try world.publish(world.publication(5), at: 10)
      #expect(try world.report().verdict == .current)
    }
  }

  @Test("lets one of two writers win, and tells the other")
  func twoWriters() throws {
    let store = world.store
    let inner = try store.whileLocked { () throws(PublishingError) in
      failure { () throws(PublishingError) in try world.publish(world.publication(5)) }
    }
    #expect(inner?.code == .locked)
    try world.publish(world.publication(5))
  }

  @Test("by many at once leaves a store in which everything fits", .timeLimit(.minutes(10)))
  func manyWriters() async throws {
    let (world, path) = (world, world.folder.path)
    let keys = [world.publisher]
    let publications = (1...12).map { world.publication($0) }
    let outcomes = await withTaskGroup(of: PublishingError.Code?.self) { group in
      for publication in publications {
        group.addTask {
          do throws(PublishingError) {
            let store = PublishedStore(files: DiskFiles(root: path), name: "store")
            let publisher = try Publisher(
              to: store, anchor: nil, keys: keys, compiler: .init(name: "ensign", version: "test"),
              now: StoreWorld.time(), lifetime: 86_400_000)
            _ = try publisher.publish(publication) { $0 <= publication.source.commit }
            return nil
          } catch {
            return error.code
          }
        }
      }
      return await group.reduce(into: [PublishingError.Code?]()) { $0.append($1) }
    }
    #expect(outcomes.contains(nil))
    #expect(outcomes.allSatisfy { $0 == nil || $0 == .locked || $0 == .notNewer })
    #expect(try world.report().verdict == .current)
  }
}

@Suite("A publisher that is killed")
struct PublisherCrashTests {
  /// Stops everything from a step on.
  final class Kill: Sendable {
    private let counts: Guarded<(left: Int, made: Int)>

    init(after steps: Int) { counts = Guarded((steps, 0)) }

    /// How many steps were asked for.
    var count: Int { counts.withLock { $0.made } }

    var hook: @Sendable (DiskFiles.Step) throws(StorageError) -> Void {
      { step throws(StorageError) in
        let isGone = self.counts.withLock { counts in
          counts.made += 1
          counts.left -= 1
          return counts.left < 0
        }
        if isGone { throw StorageError(.failed, "write", step.path, reason: "the process has been killed") }
      }
    }
  }

  /// Publishes with a store that is killed after `steps`; how many steps there were.
  private func attempt(
    _ world: StoreWorld, killedAfter steps: Int, _ body: (StoreWorld, PublishedStore) throws(PublishingError) -> Void
  ) -> (steps: Int, isDone: Bool) {
    let kill = Kill(after: steps)
    let store = PublishedStore(files: DiskFiles(root: world.folder.path, beforeStep: kill.hook), name: "store")
    let error = failure { () throws(PublishingError) in try body(world, store) }
    return (kill.count, error == nil)
  }

  @Test("leaves the old state or the new one, whichever step was its last, and can be started again")
  func everyStep() throws {
    let environments = ["production", "staging"]
    var steps = 0
    var seen: Set<[Int?]> = []
    while true {
      let world = try StoreWorld()
      try world.begin()
      try world.publish(world.publication(5, environments: environments))
      let result = attempt(world, killedAfter: steps) { world, store throws(PublishingError) in
        try world.publish(world.publication(6, environments: environments), store: store)
      }
      let numbers = try environments.map { try world.number(of: $0) }
      #expect(numbers.allSatisfy { $0 == 5 || $0 == 6 }, "after \(steps) steps: \(numbers)")
      seen.insert(numbers)
      if result.isDone { break }
      // The numbered copy may be ahead of latest.json, never behind it or torn.
      for environment in try world.report(environments).environments {
        #expect(environment.files.allSatisfy { $0.status == .current }, "after \(steps) steps: \(environment.files)")
      }
      try world.publish(world.publication(6, environments: environments), at: 10)
      #expect(try environments.map { try world.number(of: $0) } == [6, 6])
      #expect(world.files.allSatisfy { !$0.contains(".ensign-") }, "after \(steps) steps: \(world.files)")
      steps += 1
    }
    #expect(steps > 40)
    // Which of the two environments is there first is up to the disk.
    #expect(seen.isSuperset(of: [[5, 5], [6, 6]]) && seen.count > 2)
  }

  @Test("while it renews leaves a manifest that counts")
  func renewal() throws {
    var steps = 0
    while true {
      let world = try StoreWorld()
      try world.begin()
      try world.publish(world.publication(5))
      let result = attempt(world, killedAfter: steps) { world, store throws(PublishingError) in
        _ = try world.publisher(at: 100, store: store).renew(["production"])
      }
      let environment = try #require(try world.report().environments.first)
      #expect(environment.manifest?.created == StoreWorld.time(result.isDone ? 100 : 0) || !result.isDone)
      #expect(environment.snapshot != nil)
      if result.isDone { break }
      try world.publish(world.publication(5), at: 200)
      #expect(try world.report().verdict == .current)
      steps += 1
    }
    #expect(steps > 10)
  }

  @Test("while it adds a trust file leaves the old chain or the new one")
  func trust() throws {
    var steps = 0
    while true {
      let world = try StoreWorld()
      try world.begin()
      let newest = try world.store.newestTrust()
      var draft = try TrustDraft(TrustChange().applied(to: newest, expires: StoreWorld.time(86_400)), after: newest)
      try draft.sign(with: world.root)
      let result = attempt(world, killedAfter: steps) { _, store throws(PublishingError) in
        _ = try store.install(draft.envelope)
      }
      let chain = try world.store.trustChain()
      #expect(chain.count == 1 || chain.count == 2)
      if result.isDone { break }
      steps += 1
    }
    #expect(steps > 5)
  }
}
