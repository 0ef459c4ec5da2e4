import SeededRandom
import Testing

@testable import Git

@Suite("Short lists")
struct ShortListTests {
  @Test("are what arrays are", arguments: UInt64(0)..<20)
  func arrays(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var (list, array): (ShortList<Int>, [Int]) = ([], [])
    #expect(list.isEmpty)
    #expect(list.first == nil)
    for _ in 0..<Int(random.next() % 6) {
      let element = Int(random.next() % 10)
      let before = list
      list.append(element)
      array.append(element)
      #expect(before != list)
      #expect(before.count == array.count - 1)
      #expect(list.first == array.first)
    }
    #expect(Array(list) == array)
    #expect(list.reversed() == array.reversed())
    #expect(list == ShortList(array))
    #expect("\(list)" == "\(array)")
  }
}
