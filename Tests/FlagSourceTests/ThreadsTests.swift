import FlagSource
import Synchronization
import Testing

@Suite("Threads")
struct ThreadsTests {
  @Test("run the same work as often as they are told", arguments: [1, 2, 8])
  func run(_ count: Int) {
    let calls = Atomic(0)
    Threads.run(count) { calls.wrappingAdd(1, ordering: .relaxed) }
    #expect(calls.load(ordering: .relaxed) == count)
  }

  @Test("run two kinds of work at once, each of which may wait for the other")
  func alongside() {
    let mine = Atomic(false)
    let others = Atomic(false)
    let results = Threads.alongside(
      {
        others.store(true, ordering: .releasing)
        while !mine.load(ordering: .acquiring) {}
        return "other"
      },
      {
        mine.store(true, ordering: .releasing)
        while !others.load(ordering: .acquiring) {}
        return 7
      })
    #expect(results.0 == "other")
    #expect(results.1 == 7)
  }
}
