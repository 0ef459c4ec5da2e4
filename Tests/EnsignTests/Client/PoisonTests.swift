import Foundation
import Testing

@testable import Ensign

/// Snapshots that are valid, and with which the service crashes all the same.
@Suite("Protection against poisonous snapshots")
struct PoisonTests {
  let world: ClientWorld

  init() throws { world = try ClientWorld() }

  /// A service that has run well with `red`, and now crashes with `blue`.
  private func poison() throws {
    world.store.publish("red", sequence: 5)
    let client = try world.client()
    client.update()
    world.pass(.seconds(60))
    client.update()
    world.store.publish("blue", sequence: 6)
    client.update()
    #expect(client.colour == "blue")
    abandon(client)
  }

  /// Lets go of a client as a crash does: what is on the disk stays, and the lock goes.
  private func abandon(_ client: Client) {
    let before = world.state
    client.close()
    restore(before)
  }

  private func restore(_ state: [String: Data]) {
    for path in world.state.keys where state[path] == nil {
      try? FileManager.default.removeItem(atPath: world.folder.path + "/" + path)
    }
    for (path, data) in state {
      _ = FileManager.default.createFile(atPath: world.folder.path + "/" + path, contents: data)
    }
  }

  /// The starts that are counted on the disk.
  private var starts: Int? { world.state["starts"].flatMap { StartCounter([UInt8]($0))?.count } }

  /// Starts the service, looks at it, and crashes it.
  private func start(_ look: (Client) -> Void) throws {
    let client = try world.client()
    look(client)
    abandon(client)
  }

  @Test func afterThreeFailedStartsTheSafeSnapshotAfterSixTheDefaults() throws {
    try poison()
    // The first start with `blue` was the update; two more fail.
    for count in 2...3 {
      try start { client in
        #expect(client.colour == "blue")
        #expect(client.report.served == .current)
        #expect(starts == count)
      }
    }
    for count in 4...6 {
      try start { client in
        #expect(client.colour == "red")
        #expect(client.report.served == .safe)
        #expect(client.report.status == .held)
        #expect(client.report.sequence == 5)
        #expect(client.report.message.contains("sequence 6; the last safe one is used"))
        #expect(starts == count)
      }
    }
    try start { client in
      #expect(client.colour == "default")
      #expect(client.report.served == .defaults)
      #expect(client.report.status == .held)
      #expect(client.snapshot == nil)
      #expect(client.evaluate("colour", in: Context()).errorCode == .notReady)
    }
  }

  @Test func withoutASafeSnapshotTheDefaultsComeAtOnce() throws {
    world.store.publish("red", sequence: 5)
    let first = try world.client()
    first.update()
    abandon(first)
    for _ in 2...3 { try start { #expect($0.colour == "red") } }
    try start { client in
      #expect(client.colour == "default")
      #expect(client.report.served == .defaults)
    }
  }

  @Test(arguments: ["settles", "closes", "confirms"])
  func aGoodStartForgetsFailedOnes(way: String) throws {
    try poison()
    try start { #expect($0.colour == "blue") }
    let good = try world.client()
    switch way {
    case "settles":
      world.pass(.seconds(60))
      good.update()
      abandon(good)
    case "closes": good.close()
    default:
      good.confirm()
      abandon(good)
    }
    #expect(starts == 0)
    for _ in 1...3 { try start { #expect($0.colour == "blue") } }
    try start { #expect($0.colour == "red") }
  }

  @Test func aGoodStartWithTheSafeSnapshotDoesNotExcuseTheOther() throws {
    try poison()
    for _ in 2...3 { try start { #expect($0.colour == "blue") } }
    try world.client().close()
    #expect(starts == 3)
    try start { #expect($0.colour == "red") }
  }

  @Test func whileHeldItPollsAndTakesTheNextSnapshot() throws {
    try poison()
    for _ in 2...3 { try start { _ in } }
    let client = try world.client()
    #expect(client.colour == "red")
    #expect(client.update().status == .held)
    #expect(client.colour == "red")
    // A renewal, or a commit that changes no flag here, is the same snapshot.
    world.store.publish("blue", sequence: 7)
    #expect(client.update().status == .held)
    #expect(client.colour == "red")
    world.store.publish("green", sequence: 8)
    let report = client.update()
    #expect(report.status == .current)
    #expect(report.served == .current)
    #expect(client.colour == "green")
    #expect(starts == 1)
    // The poisonous one never ran well, so the safe one is still `red`.
    abandon(client)
    for _ in 2...3 { try start { #expect($0.colour == "green") } }
    try start { #expect($0.colour == "red") }
  }

  @Test func goingBackToTheSafeSnapshotIsANewStart() throws {
    try poison()
    for _ in 2...3 { try start { _ in } }
    let client = try world.client()
    world.store.publish("red", sequence: 7)
    #expect(client.update().status == .current)
    #expect(client.report.sequence == 7)
    #expect(client.colour == "red")
  }

  @Test func theStartIsCountedBeforeTheSnapshotIsUsed() throws {
    world.store.publish("red", sequence: 5)
    let faults = Faults(failingAt: .max, as: .killed)
    let client = try world.client(faults: faults)
    client.update()
    let written = faults.steps.filter { $0.kind == .rename }.map(\.path)
    let blob = "blobs/\(SHA256.hexadecimal(SimulatedStore.snapshot("red")))"
    #expect(written == [blob, "current.json", "current.copy.json", "starts"])
  }
}
