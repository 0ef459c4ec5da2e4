import FlagSource
import SeededRandom
import Testing
import YAML

@testable import FlagCompiler

@Suite("Listed keys of a segment")
struct SegmentKeysTests {
  private static let nowhere = SourceRange(
    start: SourcePosition(line: 1, column: 1), end: SourcePosition(line: 1, column: 1))

  @Test("are each once and sorted by bytes, wherever they were written", arguments: UInt64(0)..<50)
  func merge(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let alphabet = ["a", "b", "é", "\u{fb33}", "\u{1f600}", " ", "\"", "1"]
    func keys(_ count: Int) -> [String] {
      (0..<count).map { _ in (0..<random.number(1...3)).map { _ in random.pick(alphabet) }.joined() }
    }
    let written = keys(random.number(0...20))
    let listed = Set(keys(random.number(0...20)).map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
    var bytes: [UInt8] = []
    var places: [Range<Int>] = []
    for key in listed {
      places.append(bytes.count..<bytes.count + key.count)
      bytes += key + [0x0a]
    }
    let merged = SegmentKeys(
      written.map { Located($0, at: Self.nowhere) },
      listed: listed.isEmpty
        ? nil
        : Segment.IncludedKeys(
          name: Located("keys.txt", at: Self.nowhere), file: FileReference(index: 0), bytes: bytes, keys: places))
    let expected = Set(written.map { Array($0.utf8) } + listed).sorted { $0.lexicographicallyPrecedes($1) }
    #expect(merged.places.map { Array(merged.bytes[$0]) } == expected)
  }
}
