import Git
import SeededRandom
import Testing

@Suite("Ancestry")
struct AncestryTests {
  /// Random merges, by clocks that go wrong now and then; commits are numbered by the branches `b0`, `b1`, ….
  private func woven(seed: UInt64, count: Int) throws -> TemporaryRepository {
    var random = SplitMix64(seed: seed)
    let temporary = try TemporaryRepository()
    var stream = ""
    for number in 0..<count {
      let skew = random.next() % 4 == 0 ? Int(random.next() % 400) - 200 : 0
      stream += "commit refs/heads/b\(number)\nmark :\(number + 1)\n"
      stream += "committer A <a@example.com> \(1_700_000_000 + number * 10 + skew) +0000\ndata 1\nx\n"
      // A second root now and then.
      guard number > 0, random.next() % 25 != 0 else { continue }
      let first = Int(random.next() % UInt64(min(number, 4))) + 1
      stream += "from :\(number + 1 - first)\n"
      if random.next() % 3 == 0, number > 4 {
        let second = Int(random.next() % UInt64(min(number, 12))) + 1
        if second != first { stream += "merge :\(number + 1 - second)\n" }
      }
    }
    try temporary.git("fast-import", "--quiet", input: stream)
    return temporary
  }

  @Test("merge bases and ranges are those of git", arguments: UInt64(0)..<6)
  func random(_ seed: UInt64) throws {
    let count = 40
    let temporary = try woven(seed: seed, count: count)
    let repository = try Repository(discovering: temporary.folder)
    var random = SplitMix64(seed: seed ^ 0xA5)
    for _ in 0..<25 {
      let names = (0..<2).map { _ in "b\(random.next() % UInt64(count))" }
      let (first, second) = (try repository.resolve(names[0]), try repository.resolve(names[1]))
      let bases = (try? temporary.git("merge-base", "--all", names[0], names[1]))?.split(separator: "\n").map(
        String.init)
      if let bases {
        let found = try repository.mergeBase(first, second)
        #expect(bases.contains(found.description), "\(names)")
      } else {
        #expect(throws: GitError.self) { try repository.mergeBase(first, second) }
      }
      let expected = try temporary.git("rev-list", "\(names[1])..\(names[0])").split(separator: "\n").map(String.init)
      let range = try repository.commits(from: first, notIn: second).map(\.id.description)
      #expect(Set(range) == Set(expected), "\(names)")
      #expect(range.count == expected.count)
    }
  }

  @Test("what a shallow clone cuts off is told, and what it does not is found")
  func shallow() throws {
    let temporary = try TemporaryRepository()
    for number in 1...3 { try temporary.commit("main \(number)", at: 1_700_000_000 + number) }
    try temporary.git("branch", "old", "HEAD~2")
    try temporary.git("switch", "--quiet", "-c", "side")
    for number in 1...2 { try temporary.commit("side \(number)", at: 1_700_000_100 + number) }
    try temporary.git("switch", "--quiet", "main")
    try temporary.commit("main 4", at: 1_700_000_200)
    let source = "file://\(temporary.folder)"
    for (depth, isEnough) in [(1, false), (2, false), (3, true)] {
      let folder = "\(temporary.folder)/depth-\(depth)"
      try temporary.git("clone", "--quiet", "--depth=\(depth)", "--no-single-branch", source, folder)
      let repository = try Repository(discovering: folder)
      let (main, side) = (try repository.resolve("origin/main"), try repository.resolve("origin/side"))
      if isEnough {
        let base = try repository.mergeBase(main, side)
        #expect(base.description == (try temporary.git("merge-base", "main", "side")))
        #expect(try repository.commits(from: side, notIn: base).count == 2)
      } else {
        let error = try #require(throws: GitError.self) { try repository.mergeBase(main, side) }
        #expect(error.code == .shallowHistory)
        #expect(error.help?.contains("fetch-depth: 0") == true)
      }
    }
  }
}
