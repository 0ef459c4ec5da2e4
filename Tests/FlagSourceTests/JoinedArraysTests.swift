import SeededRandom
import Testing

@testable import FlagSource

@Suite("Arrays joined on several threads")
struct JoinedArraysTests {
  @Test("have all elements in order, however many there are", arguments: UInt64(0)..<6)
  func order(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    // Enough for one thread, for two and for more.
    let most = [2, 40, 1000][Int(seed % 3)]
    var arrays: [[String]] = []
    for number in 0..<200 {
      let count = Int.random(in: 0...most, using: &random)
      arrays.append((0..<count).map { "a text that is too long to be kept in place: \(number), \($0)" })
    }
    let expected = arrays.flatMap(\.self)
    #expect(Threads.joined(arrays) == expected)
    #expect(arrays.flatMap(\.self) == expected)
    #expect(Threads.joined(consume arrays) == expected)
  }

  @Test("are none for none") func none() {
    #expect(Threads.joined([[String]]()).isEmpty)
    #expect(Threads.joined([[], [String]()]).isEmpty)
  }
}
