import SeededRandom
import Testing

@testable import Ensign

/// The inputs of the fuzz target `fuzz-snapshot`, and neighbours of theirs, as plain tests.
@Suite("Snapshots of all kinds")
struct SnapshotCorpusTests {
  static let names = (try? Fixtures.names(in: "corpus")) ?? []

  @Test func thereIsACorpus() { #expect(Self.names.count >= 20) }

  @Test(arguments: names)
  func loadsOrIsRefused(_ name: String) throws {
    let bytes = try Fixtures.bytes("corpus/\(name)")
    Self.exercise(bytes)
    var random = SplitMix64(seed: UInt64(bytes.count))
    for _ in 0..<200 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: changed.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: changed[index] = UInt8.random(in: 0x20..<0x7f, using: &random)
        case 1: changed.insert(changed[Int.random(in: changed.indices, using: &random)], at: index)
        default: if changed.count > 1 { changed.remove(at: index) }
        }
      }
      Self.exercise(changed)
    }
  }

  /// What loads can be evaluated and traced, with the same verdict.
  static func exercise(_ bytes: [UInt8]) {
    guard let snapshot = try? Snapshot(bytes) else { return }
    var context: Context = ["targetingKey": "user-1", "age": 20, "country": "DE", "x": "10.1.2.3"]
    context.now = Timestamp(milliseconds: 1500)
    for context in [context, snapshot.prepare(context), [:]] {
      for evaluation in snapshot.evaluateAll(in: context) {
        var moment = context
        moment.now = Timestamp(milliseconds: 1500)
        let trace = snapshot.trace(evaluation.flag, in: moment)
        #expect(trace?.evaluation == snapshot.evaluate(evaluation.flag, in: moment))
        #expect(trace?.lines.isEmpty == false)
      }
    }
  }
}
