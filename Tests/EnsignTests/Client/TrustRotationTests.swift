import Foundation
import Testing

@testable import Ensign

/// The trust chain, as a client follows it.
@Suite("A client and its trust files")
struct TrustRotationTests {
  /// The whole story of a stolen publish key: the thief raises the sequence, clients are stuck, and one trust file frees
  /// them.
  @Test(arguments: Transport.allCases)
  func aStolenKey(transport: Transport) throws {
    let world = try ClientWorld(transport)
    let store = world.store
    store.publish("red", sequence: 5)
    let client = try world.client()
    client.update()

    store.publish("evil", sequence: 1_000_000_000)
    #expect(client.update().status == .current)
    #expect(client.colour == "evil")
    store.publish("mended", sequence: 6)
    #expect(client.update().status == .rollback)
    #expect(client.colour == "evil")
    client.close()
    let restarted = try world.client()
    #expect(restarted.update().status == .rollback)

    // The root signers withdraw the key, and begin a new epoch.
    let fresh = try TestKeys.key(4)
    let next = TrustFile.test(version: 2, epoch: 2, root: store.root, publish: [fresh])
    store.put(StorePath.trust(version: 2), next.sealed(by: store.root))
    // Until something is published in it, values stay.
    #expect(restarted.update().status == .untrusted)
    #expect(restarted.colour == "evil")
    #expect(restarted.report.trustVersion == 2)

    store.publish("mended", sequence: 6, epoch: 2, by: [fresh])
    let report = restarted.update()
    #expect(report.status == .current)
    #expect(report.epoch == 2)
    #expect(report.sequence == 6)
    #expect(restarted.colour == "mended")

    // The thief is left with nothing.
    for epoch in 1...2 {
      store.publish("evil", sequence: 2_000_000_000, epoch: epoch)
      #expect(restarted.update().status == .untrusted)
    }
    store.publish("old", sequence: 2_000_000_000, epoch: 1, by: [fresh])
    #expect(restarted.update().status == .mismatch)
    #expect(restarted.colour == "mended")
    restarted.close()
    #expect(try world.client().colour == "mended")
  }

  /// A new trust file may withdraw the key that signed what is in force: the flags stay, also over a restart.
  @Test func flagsOutliveTheKeysThatSignedThem() throws {
    let world = try ClientWorld()
    world.store.publish("red", sequence: 5)
    let client = try world.client()
    client.update()
    let fresh = try TestKeys.key(4)
    let next = TrustFile.test(version: 2, root: world.store.root, publish: [fresh])
    world.store.put(StorePath.trust(version: 2), next.sealed(by: world.store.root))
    #expect(client.update().status == .untrusted)
    client.close()
    let restarted = try world.client()
    #expect(restarted.report.trustVersion == 2)
    #expect(restarted.colour == "red")
    world.store.publish("red", sequence: 6, by: [fresh])
    #expect(restarted.update().status == .current)
  }

  @Test func versionsAreFollowedOneByOne() throws {
    let world = try ClientWorld()
    let store = world.store
    store.publish("red", sequence: 5)
    var root = store.root
    for version in 2...5 {
      let newer = [try TestKeys.key(UInt8(version + 10))]
      let next = TrustFile.test(version: version, root: newer, publish: store.publishers)
      store.put(StorePath.trust(version: version), next.sealed(by: root + newer))
      root = newer
    }
    let client = try world.client()
    #expect(client.update().status == .current)
    #expect(client.report.trustVersion == 5)
    #expect(store.takeRequests() == ["trust 2", "trust 3", "trust 4", "trust 5", "trust 6", "latest", "blob red"])
    client.close()
    #expect(try world.client().report.trustVersion == 5)
    #expect(world.state.keys.filter { $0.hasPrefix("trust/") }.count == 4)
  }

  @Test func aLongChainIsFollowedInSteps() throws {
    let world = try ClientWorld()
    let store = world.store
    store.publish("red", sequence: 5)
    for version in 2...40 {
      let next = TrustFile.test(version: version, root: store.root, publish: store.publishers)
      store.put(StorePath.trust(version: version), next.sealed(by: store.root))
    }
    let client = try world.client()
    client.update()
    #expect(client.report.trustVersion == 33)
    client.update()
    #expect(client.report.trustVersion == 40)
  }

  @Test(arguments: Transport.allCases)
  func aTrustFileThatTheOldKeysDidNotSign(transport: Transport) throws {
    let world = try ClientWorld(transport)
    world.store.publish("red", sequence: 5)
    let client = try world.client()
    client.update()
    let thief = [try TestKeys.key(9)]
    let next = TrustFile.test(version: 2, root: thief, publish: thief)
    world.store.put(StorePath.trust(version: 2), next.sealed(by: thief))
    world.store.publish("blue", sequence: 6, by: thief)
    _ = world.store.takeRequests()
    #expect(client.update().status == .untrusted)
    #expect(client.report.trustVersion == 1)
    #expect(client.colour == "red")
    #expect(world.store.takeRequests() == ["trust 2", "trust 2!"])
    #expect(!world.state.keys.contains { $0.hasPrefix("trust/") })
  }

  @Test func anOlderTrustFileInTheNextPlace() throws {
    let world = try ClientWorld()
    world.store.publish("red", sequence: 5)
    world.store.put(StorePath.trust(version: 2), world.store.anchor)
    #expect(try world.client().update().status == .rollback)
  }

  /// The service is installed again, with a trust file that is newer than what it has stored.
  @Test func aNewerAnchorTakesOver() throws {
    let world = try ClientWorld()
    world.store.publish("red", sequence: 5)
    let old = try world.client()
    old.update()
    old.close()
    let next = TrustFile.test(version: 7, root: world.store.root, publish: world.store.publishers)
    let client = try world.client { $0.trust = next.sealed(by: world.store.root) }
    #expect(client.report.trustVersion == 7)
    #expect(client.colour == "red")
    #expect(client.update().status == .current)
  }

  @Test func anAnchorThatIsNotSignedIsRefused() throws {
    let world = try ClientWorld()
    let error = #expect(throws: ClientError.self) { try world.client { $0.trust = world.store.trust.sealed(by: []) } }
    #expect(error?.code == .configuration)
  }
}
