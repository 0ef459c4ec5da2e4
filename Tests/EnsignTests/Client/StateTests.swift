import Foundation
import Testing

@testable import Ensign

/// The state directory, through crashes, full disks and damage.
@Suite("The client's state directory")
struct StateTests {
  /// A world whose store has moved on to `blue`, with a second trust file, while a client had stored `red`.
  private func aWorldThatMovedOn() throws -> ClientWorld {
    let world = try ClientWorld()
    world.store.publish("red", sequence: 5)
    let client = try world.client()
    #expect(client.update().status == .current)
    client.close()
    let next = TrustFile.test(version: 2, root: world.store.root, publish: world.store.publishers)
    world.store.put(StorePath.trust(version: 2), next.sealed(by: world.store.root))
    world.store.publish("blue", sequence: 6)
    return world
  }

  /// How many changes of the disk an update makes, so that the tests below stop at each.
  private func steps() throws -> Int {
    let world = try aWorldThatMovedOn()
    let faults = Faults(failingAt: .max, as: .killed)
    let client = try world.client(faults: faults)
    client.update()
    client.close()
    return faults.steps.count { $0.kind.isChange }
  }

  @Test func aKilledClientLeavesTheOldStateOrTheNewOne() throws {
    let count = try steps()
    #expect(count > 30)
    var seen: Set<String> = []
    for step in 0...count {
      let world = try aWorldThatMovedOn()
      let faults = Faults(failingAt: step, as: .killed)
      let killed = try world.client(faults: faults)
      killed.update()
      // In memory the update went through, whatever the disk did.
      #expect(killed.colour == "blue")
      killed.close()
      #expect(faults.hasFailed == (step < count))

      let next = try world.client()
      let report = next.report
      #expect(report.status == .starting, "step \(step): \(report.message)")
      #expect(report.served == .current)
      #expect(report.sequence == (next.colour == "red" ? 5 : 6), "step \(step)")
      #expect(["red", "blue"].contains(next.colour), "step \(step)")
      seen.insert(next.colour)
      #expect(next.update().status == .current, "step \(step): \(next.report.message)")
      #expect(next.colour == "blue")
      #expect(!world.folder.files.contains { $0.contains(".ensign-") }, "step \(step)")
      next.close()
      #expect(try world.client().colour == "blue")
    }
    #expect(seen == ["red", "blue"])
  }

  @Test func theFirstStartIsKilledAnywhere() throws {
    for step in 0...40 {
      let world = try ClientWorld()
      world.store.publish("red", sequence: 5)
      let killed = try world.client(faults: Faults(failingAt: step, as: .killed))
      killed.update()
      #expect(killed.colour == "red")
      killed.close()
      let next = try world.client()
      #expect(next.report.status == .starting, "step \(step): \(next.report.message)")
      #expect(["default", "red"].contains(next.colour))
      #expect(next.update().status == .current)
      #expect(next.colour == "red")
    }
  }

  @Test(arguments: [Faults.Kind.full, .readOnly])
  func flagsAreUpdatedInMemoryWhenNothingCanBeWritten(kind: Faults.Kind) throws {
    let world = try aWorldThatMovedOn()
    let before = world.state
    let client = try world.client(faults: Faults(failingAt: 0, as: kind))
    #expect(client.colour == "red")
    let report = client.update()
    #expect(report.status == .unstored)
    #expect(report.message.contains(kind == .full ? "No space left" : "Read-only"), "\(report.message)")
    #expect(report.served == .current)
    #expect(report.sequence == 6)
    #expect(client.colour == "blue")
    client.close()
    #expect(world.state == before)
    #expect(try world.client().colour == "red")
  }

  @Test func whatCouldNotBeWrittenIsWrittenLater() throws {
    let world = try aWorldThatMovedOn()
    let faults = Faults(failingAt: 0, as: .full)
    let client = try world.client(faults: faults)
    #expect(client.update().status == .unstored)
    #expect(client.update().status == .unstored)
    faults.end()
    #expect(client.update().status == .current)
    client.close()
    let next = try world.client()
    #expect(next.report.status == .starting)
    #expect(next.colour == "blue")
    #expect(next.report.trustVersion == 2)
  }

  @Test func aNewerSnapshotReplacesOneThatCouldNotBeWritten() throws {
    let world = try aWorldThatMovedOn()
    let faults = Faults(failingAt: 0, as: .full)
    let client = try world.client(faults: faults)
    client.update()
    world.store.publish("green", sequence: 7)
    #expect(client.update().status == .unstored)
    #expect(client.colour == "green")
    faults.end()
    #expect(client.update().status == .current)
    let blobs = world.state.keys.filter { $0.hasPrefix("blobs/") }
    // The safe snapshot is one that is stored.
    #expect(Set(blobs) == Set(["red", "green"].map { "blobs/\(SHA256.hexadecimal(SimulatedStore.snapshot($0)))" }))
    client.close()
    #expect(try world.client().colour == "green")
  }

  /// Two snapshots, a trust file, everything that a directory can hold.
  private func fullState() throws -> ClientWorld {
    let world = try aWorldThatMovedOn()
    let client = try world.client()
    client.update()
    client.close()
    #expect(
      Set(world.state.keys.map { $0.split(separator: "/").first.map(String.init) ?? "" })
        == ["blobs", "trust", "current.json", "current.copy.json", "safe.json", "starts"])
    return world
  }

  enum Damage: String, CaseIterable {
    case truncated, flipped, emptied, removed, folder
  }

  @Test(arguments: Damage.allCases)
  func eachFileIsDamaged(damage: Damage) throws {
    let paths = try fullState().state.keys.sorted()
    #expect(paths.count == 7)
    for path in paths {
      let world = try fullState()
      try apply(damage, to: world.folder.path + "/" + path)
      let client = try world.client()
      let report = client.report
      // One whole snapshot, or none; never another.
      #expect(["red", "blue", "default"].contains(client.colour), "\(path)")
      let sequence = ["red": 5, "blue": 6][client.colour]
      #expect(report.sequence == sequence, "\(path)")
      let isNeeded = !path.hasPrefix("safe") && !path.contains(SHA256.hexadecimal(SimulatedStore.snapshot("red")))
      if isNeeded, damage != .removed || path.hasPrefix("blobs") || path == "current.json" {
        #expect(report.status == .unstored, "\(path): \(report.message)")
      }
      if path.hasPrefix("trust") || path.hasPrefix("starts") || path.hasPrefix("current") || path.hasPrefix("safe") {
        #expect(client.colour == "blue", "\(path): \(report.message)")
      }
      // The floor is still there: an older manifest is refused.
      let latest = world.store.file(SimulatedStore.latest)
      world.store.publish("green", sequence: 4)
      #expect(client.update().status == .rollback, "\(path): \(client.report.message)")
      world.store.put(SimulatedStore.latest, latest)
      #expect(client.update().status == (damage == .folder ? client.report.status : .current), "\(path)")
      #expect(client.colour == "blue", "\(path): \(client.report.message)")
      client.close()
      if damage != .folder {
        let next = try world.client()
        #expect(next.colour == "blue", "\(path)")
        #expect(next.report.trustVersion == 2, "\(path)")
      }
    }
  }

  private func apply(_ damage: Damage, to path: String) throws {
    var data = try #require(FileManager.default.contents(atPath: path))
    switch damage {
    case .truncated: data.removeLast(data.count / 2)
    case .flipped: data[data.count / 2] ^= 4
    case .emptied: data = Data()
    case .removed, .folder:
      try FileManager.default.removeItem(atPath: path)
      if damage == .folder { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }
      return
    }
    try data.write(to: URL(fileURLWithPath: path))
  }

  @Test func whenAllThatWasAcceptedIsDamagedItIsSaid() throws {
    let world = try fullState()
    for file in ["current.json", "current.copy.json", "safe.json"] {
      try apply(.flipped, to: world.folder.path + "/" + file)
    }
    let client = try world.client()
    #expect(client.report.status == .unstored)
    #expect(client.report.message.contains("current.json is damaged"))
    #expect(client.report.served == .defaults)
    #expect(client.update().status == .current)
    #expect(client.colour == "blue")
  }

  @Test func twoClientsDoNotShareADirectory() throws {
    let world = try ClientWorld()
    let first = try world.client()
    let error = #expect(throws: ClientError.self) { try world.client() }
    #expect(error?.code == .locked)
    first.close()
    _ = try world.client()
  }

  @Test func aDirectoryOfAnotherEnvironmentIsRefused() throws {
    let world = try fullState()
    let error = #expect(throws: ClientError.self) { try world.client { $0.environment = "staging" } }
    #expect(error?.code == .configuration)
    #expect(error?.message.contains("'production'") == true)
    #expect(throws: ClientError.self) { try world.client(project: "acme-bank") }
  }

  @Test func withoutADirectoryEverythingIsInMemory() throws {
    let world = try ClientWorld()
    world.store.publish("red", sequence: 5)
    let client = try world.client(keepsState: false)
    #expect(client.update().status == .current)
    #expect(client.colour == "red")
    world.store.publish("blue", sequence: 4)
    #expect(client.update().status == .rollback)
    #expect(world.folder.files.isEmpty)
  }

  /// A store that is refused must not keep the flags of the last run from a service.
  @Test func aRestartNeedsNoStore() throws {
    let world = try fullState()
    world.store.set(.fails(500), for: "")
    let client = try world.client()
    #expect(client.colour == "blue")
    #expect(client.report.status == .starting)
    #expect(client.update().status == .unreachable)
    #expect(client.colour == "blue")
  }
}
