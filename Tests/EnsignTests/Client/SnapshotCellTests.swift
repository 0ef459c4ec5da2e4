import Foundation
import Synchronization
import Testing

@testable import Ensign

/// Swaps, with readers in between; worth most under the thread sanitizer.
@Suite("Swapping snapshots")
struct SnapshotCellTests {
  @Test func readersSeeOneSnapshotOrTheOther() throws {
    let words = (0..<8).map { "colour-\($0)" }
    let snapshots = try words.map { try Snapshot(SimulatedStore.snapshot($0)) }
    let cell = SnapshotCell()
    cell.replace(with: snapshots[0])
    let isOver = Atomic(false)
    let readings = Atomic(0)
    let strange = Atomic(0)
    let threads = (0..<3).map { _ in
      Thread {
        while !isOver.load(ordering: .relaxed) {
          let word = cell.withSnapshot { $0?.string("colour", in: Context(), default: "default") ?? "none" }
          if !words.contains(word) { strange.add(1, ordering: .relaxed) }
          // A snapshot that is kept outlives its time in the cell.
          let kept = cell.withSnapshot { $0 }
          if let kept, kept.count != 1 { strange.add(1, ordering: .relaxed) }
          readings.add(1, ordering: .relaxed)
          // On a machine with few cores, let threads change here rather than within a reading, which is waited for.
          sched_yield()
        }
      }
    }
    for thread in threads { thread.start() }
    for round in 0..<2000 {
      // Loaded anew now and then, so that old ones are freed while readers run.
      let index = round % snapshots.count
      cell.replace(with: round % 10 == 0 ? try Snapshot(SimulatedStore.snapshot(words[index])) : snapshots[index])
    }
    while readings.load(ordering: .relaxed) < 1000 { usleep(100) }
    isOver.store(true, ordering: .relaxed)
    while threads.contains(where: { !$0.isFinished }) { usleep(100) }
    #expect(strange.load(ordering: .relaxed) == 0)
  }

  @Test func aReplacedSnapshotIsFreedOnceNobodyReadsIt() throws {
    let cell = SnapshotCell()
    weak var first: Snapshot?
    do {
      let snapshot = try Snapshot(SimulatedStore.snapshot("red"))
      first = snapshot
      cell.replace(with: snapshot)
    }
    #expect(first != nil)
    let kept = cell.withSnapshot { $0 }
    cell.replace(with: try Snapshot(SimulatedStore.snapshot("blue")))
    #expect(kept?.string("colour", in: Context(), default: "") == "red")
    #expect(cell.withSnapshot { $0?.string("colour", in: Context(), default: "") } == "blue")
    cell.replace(with: nil)
    #expect(cell.withSnapshot { $0 == nil })
  }

  @Test func theCellFreesItsSnapshot() throws {
    weak var snapshot: Snapshot?
    do {
      let cell = SnapshotCell()
      let loaded = try Snapshot(SimulatedStore.snapshot("red"))
      snapshot = loaded
      cell.replace(with: loaded)
    }
    #expect(snapshot == nil)
  }

  /// Whole clients under load: the public getters, from several threads, while updates go through.
  @Test func evaluationsGoOnDuringUpdates() throws {
    let world = try ClientWorld()
    world.store.publish("colour-0", sequence: 1)
    let client = try world.client(keepsState: false)
    client.update()
    let isOver = Atomic(false)
    let strange = Atomic(0)
    let threads = (0..<3).map { _ in
      Thread {
        var last = 0
        while !isOver.load(ordering: .relaxed) {
          let number = Int(client.colour.dropFirst("colour-".count)) ?? -1
          // Time goes one way only.
          if number < last { strange.add(1, ordering: .relaxed) }
          last = number
          if client.report.served != .current { strange.add(1, ordering: .relaxed) }
          sched_yield()
        }
      }
    }
    for thread in threads { thread.start() }
    for sequence in 2...300 {
      world.store.publish("colour-\(sequence)", sequence: sequence)
      #expect(client.update().status == .current)
    }
    isOver.store(true, ordering: .relaxed)
    while threads.contains(where: { !$0.isFinished }) { usleep(100) }
    #expect(strange.load(ordering: .relaxed) == 0)
    #expect(client.colour == "colour-300")
  }
}
