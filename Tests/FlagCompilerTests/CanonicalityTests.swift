import Ensign
import FlagSource
import SeededRandom
import Testing

@testable import FlagCompiler

/// A snapshot is a function of what the tree means: not of how it is written, when, or on how many threads.
@Suite("Same tree, same bytes")
struct CanonicalityTests {
  @Test("however mappings, lists, quotes, comments and folders are arranged", arguments: UInt64(0)..<100)
  func shuffled(seed: UInt64) throws {
    let tree = RandomTree(seed: seed % 10)
    let plain = try Self.snapshots(tree, spelledWith: nil)
    let shuffled = try Self.snapshots(tree, spelledWith: seed)
    #expect(plain == shuffled)
  }

  @Test("written again by the writer of JSON", arguments: UInt64(0)..<50)
  func canonical(seed: UInt64) throws {
    for bytes in try Self.snapshots(RandomTree(seed: seed), spelledWith: seed) {
      #expect(try JSONValue(parsing: bytes).canonicalBytes == bytes)
    }
  }

  @Test("on eight threads at once", arguments: UInt64(0)..<4)
  func threads(seed: UInt64) async throws {
    let tree = try Self.check(RandomTree(seed: seed), spelledWith: nil)
    let all = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<8 { group.addTask { try SnapshotCompiler.compile(tree, environment: "production") } }
      return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(all.count == 1)
  }

  @Test("all environments together and each alone")
  func together() throws {
    let tree = try Self.check(RandomTree(seed: 7), spelledWith: nil)
    let together = try SnapshotCompiler.compileAll(tree)
    #expect(together.map(\.environment) == ["staging", "production"])
    for compiled in together {
      #expect(try SnapshotCompiler.compile(tree, environment: compiled.environment) == compiled.bytes)
    }
  }

  @Test("whatever slices of the flags threads wrote", arguments: UInt64(0)..<20)
  func slices(seed: UInt64) throws {
    let tree = try Self.check(RandomTree(seed: seed), spelledWith: nil)
    let environments = tree.tree.manifest.environments.map(\.value)
    let whole = try SharedCompilation(of: environments, in: tree, slices: 1).run(\.bytes)
    // More than there are flags leaves some of them empty.
    for slices in [2, 3, 20] {
      #expect(try SharedCompilation(of: environments, in: tree, slices: slices).run(\.bytes) == whole)
    }
  }

  @Test("the order of members is that of UTF-16, the order in lists that of code points")
  func orders() throws {
    let tree = TestTree(
      "enabled: true\notherwise: a\n",
      definition: """
        type: object
        variants: {a: {"\\U0001F600": 1, "\\uFB33": 2, "\\u20AC": 3, "a": 4}}
        off: a
        owner: payments
        kind: operational
        tags: ["\\U0001F600", "\\uFB33", "a"]

        """)
    let flag = try tree.flag()
    #expect(flag.contains("{\"a\":4,\"€\":3,\"\u{1F600}\":1,\"\u{FB33}\":2}"))
    #expect(flag.contains("[\"a\",\"\u{FB33}\",\"\u{1F600}\"]"))
  }

  static func check(_ tree: RandomTree, spelledWith seed: UInt64?) throws -> CheckedTree {
    var generator = seed.map { SplitMix64(seed: $0 &+ 1000) }
    return try TestTree.check(MemoryFiles(tree.files(spelledBy: &generator)))
  }

  static func snapshots(_ tree: RandomTree, spelledWith seed: UInt64?) throws -> [[UInt8]] {
    let checked = try check(tree, spelledWith: seed)
    return try tree.environments.map { try SnapshotCompiler.compile(checked, environment: $0) }
  }
}
