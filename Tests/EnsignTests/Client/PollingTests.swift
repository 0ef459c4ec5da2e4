import Foundation
import Synchronization
import Testing

@testable import Ensign

/// The client's own thread.
@Suite("Polling")
struct PollingTests {
  /// Reports that a callback was given, which a test can wait for.
  private final class Reports: Sendable {
    private let reports = Guarded<[ClientReport]>([])

    func add(_ report: ClientReport) { reports.withLock { $0.append(report) } }

    /// The first report that is as wanted, once it has come.
    func wait(for isWanted: (ClientReport) -> Bool) throws -> ClientReport {
      for _ in 0..<20_000 {
        if let report = reports.withLock({ $0.first(where: isWanted) }) { return report }
        usleep(1000)
      }
      throw POSIXError(.ETIMEDOUT)
    }

    var count: Int { reports.withLock { $0.count } }
  }

  @Test(arguments: Transport.allCases)
  func aStartedClientFollowsTheStore(transport: Transport) throws {
    let world = try ClientWorld(transport)
    world.store.publish("red", sequence: 1)
    let reports = Reports()
    let client = try world.client { configuration in
      configuration.pollInterval = .milliseconds(5)
      configuration.longestPause = .milliseconds(20)
      configuration.onChange = reports.add
    }
    #expect(client.report.status == .starting)
    client.start()
    client.start()
    _ = try reports.wait { $0.status == .current && $0.sequence == 1 }
    #expect(client.colour == "red")
    world.store.publish("blue", sequence: 2)
    _ = try reports.wait { $0.sequence == 2 }
    #expect(client.colour == "blue")
    world.store.set(.fails(500), for: "")
    _ = try reports.wait { $0.status == .unreachable }
    world.store.set(.serves, for: "")
    world.store.publish("green", sequence: 3)
    _ = try reports.wait { $0.sequence == 3 }
    client.close()
    client.close()
    let count = reports.count
    world.store.publish("late", sequence: 4)
    client.start()
    #expect(client.update().sequence == 3)
    usleep(50_000)
    #expect(reports.count == count)
    #expect(client.colour == "green")
  }

  @Test func aQuietStoreIsNoNews() throws {
    let world = try ClientWorld()
    world.store.publish("red", sequence: 1)
    let reports = Reports()
    let client = try world.client { $0.onChange = reports.add }
    for _ in 0..<5 { client.update() }
    #expect(reports.count == 1)
  }

  @Test func theThreadSettlesAGoodStart() throws {
    let world = try ClientWorld()
    world.store.publish("red", sequence: 1)
    let reports = Reports()
    let client = try world.client { configuration in
      configuration.pollInterval = .milliseconds(5)
      configuration.onChange = reports.add
    }
    client.start()
    _ = try reports.wait { $0.sequence == 1 }
    func starts() -> Int? { world.state["starts"].flatMap { StartCounter([UInt8]($0))?.count } }
    #expect(starts() == 1)
    world.pass(.seconds(61))
    for _ in 0..<20_000 {
      if starts() == 0 { break }
      usleep(1000)
    }
    #expect(starts() == 0)
    client.close()
  }

  /// The callback runs on the client's thread, and may do what it likes, close it even.
  @Test func theCallbackMayCloseTheClient() throws {
    let world = try ClientWorld()
    world.store.publish("red", sequence: 1)
    let place = Guarded<Client?>(nil)
    let isClosed = Atomic(false)
    let client = try world.client { configuration in
      configuration.onChange = { report in
        guard report.status == .current else { return }
        place.withLock { $0 }?.close()
        isClosed.store(true, ordering: .releasing)
      }
    }
    place.withLock { $0 = client }
    client.start()
    for _ in 0..<20_000 {
      if isClosed.load(ordering: .acquiring) { break }
      usleep(1000)
    }
    let hasClosed = isClosed.load(ordering: .acquiring)
    #expect(hasClosed)
    place.withLock { $0 = nil }
    // The directory is free.
    _ = try world.client()
  }

  @Test func aClientThatIsDroppedEndsItsThread() throws {
    let world = try ClientWorld(.http)
    world.store.set(.stalls, for: "")
    do {
      let client = try world.client { $0.pollInterval = .milliseconds(5) }
      client.start()
      usleep(50_000)
    }
    // Its lock is gone, so it is.
    _ = try world.client()
  }

  @Test func pausesGrowWithFailuresAndVary() {
    let schedule = UpdateSchedule(interval: .seconds(30), longestPause: .seconds(600))
    #expect(schedule.pause(afterFailures: 0, random: 0) == .seconds(27))
    #expect(schedule.pause(afterFailures: 0, random: 0.5) == .seconds(30))
    #expect(schedule.pause(afterFailures: 1, random: 0) == .seconds(30))
    #expect(schedule.pause(afterFailures: 1, random: 1) == .seconds(60))
    #expect(schedule.pause(afterFailures: 3, random: 1) == .seconds(240))
    #expect(schedule.pause(afterFailures: 5, random: 1) == .seconds(600))
    #expect(schedule.pause(afterFailures: .max, random: 0) == .seconds(300))
  }
}
