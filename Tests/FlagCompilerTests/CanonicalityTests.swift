import Ensign
import FlagSource
import SeededRandom
import Testing

@testable import FlagCompiler

/// A snapshot is a function of what the tree means: not of how it is written, when, or on how many threads.
@Suite("Same tree, same bytes")
struct CanonicalityTests {
  @Test("however mappings, lists, quotes, comments and folders are arranged", arguments: Effort.seeds(100))
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

  @Test("whatever slices of the configs threads wrote", arguments: UInt64(0)..<20)
  func slices(seed: UInt64) throws {
    let tree = try Self.check(RandomTree(seed: seed), spelledWith: nil)
    let environments = tree.tree.manifest.environments.map(\.value)
    let whole = try SharedCompilation(of: environments, in: tree).run(environments, \.bytes)
    for size in [1, 2, 3, 20] {
      #expect(
        try SharedCompilation(of: environments, in: tree, slicesOf: size).run(environments, \.bytes) == whole)
    }
  }

  @Test(
    "of a tree whose configs are kept, and of one whose configs are written as they are read",
    arguments: UInt64(0)..<20)
  func streamed(seed: UInt64) throws {
    let tree = RandomTree(seed: seed)
    var generator: SplitMix64?
    let files = MemoryFiles(tree.files(spelledBy: &generator))
    let kept = try SnapshotCompiler.compileAll(TestTree.check(files)).map(\.bytes)
    let digested = try #require(try Validation.run(files) { ConfigWriter() }.1)
    #expect(try SnapshotCompiler.compileAll(digested) { _ in SnapshotBytes() } == kept)
    // One environment alone, of which others are not even written.
    for (environment, bytes) in zip(tree.environments, kept) {
      let one = try #require(try Validation.run(files) { ConfigWriter(for: [environment]) }.1)
      #expect(try SnapshotCompiler.compileAll(one, environments: [environment]) { _ in SnapshotBytes() } == [bytes])
    }
  }

  @Test("hundreds of flags, each as its own files say, in the order of their keys", arguments: UInt64(0)..<4)
  func large(seed: UInt64) throws {
    let files = MemoryFiles(Self.manyFlags(seed: seed))
    let tree = try TestTree.check(files).tree
    let digested = try #require(try Validation.run(files) { ConfigWriter() }.1)
    let environments = ["staging", "production"]
    let all = try SnapshotCompiler.compileAll(digested) { _ in SnapshotBytes() }
    for (environment, bytes) in zip(environments, all) {
      guard case .object(let members) = try JSONValue(parsing: bytes),
        case .object(let flags)? = members.first(where: { $0.key == "flags" })?.value
      else { throw InvalidTree() }
      #expect(flags.map(\.key) == tree.definitions.map(\.key).sorted())
      for flag in flags {
        let definition = try #require(tree.definition(of: flag.key))
        let own = PartCompiler.compile(definition, tree.config(of: flag.key, in: environment))
        #expect(JSONValue.object([flag]).canonicalBytes == own)
      }
    }
  }

  /// Flags whose files are in another order than their keys: `a.yaml` comes after `a-b.yaml`, and folders before both.
  private static func manyFlags(seed: UInt64) -> [(path: String, text: String)] {
    var random = SplitMix64(seed: seed)
    var files = [(path: "ensign.yaml", text: "format: 1\nproject: shop\nenvironments: [staging, production]\n")]
    for number in 0..<300 {
      let key = "f\(number / 3)" + ["", "-b", ".b"][number % 3]
      let folder = ["", "b/", "f/g/"].randomElement(using: &random) ?? ""
      files.append(("definitions/\(folder)\(key).yaml", "type: boolean\noff: off\nkind: operational\n"))
      for environment in ["staging", "production"] where Int.random(in: 0..<4, using: &random) > 0 {
        let keys = (0..<Int.random(in: 0...9, using: &random)).map { "user-\($0)" }.joined(separator: ", ")
        let text = "enabled: true\ntargets: {on: [\(keys)]}\notherwise: {split: {on: 5, off: 95}}\n"
        files.append(("environments/\(environment)/\(folder)\(key).yaml", text))
      }
    }
    return files
  }

  @Test("an environment that the manifest does not have is refused")
  func unknownEnvironment() throws {
    let digested = try #require(try Validation.run(TestTree().memory) { ConfigWriter() }.1)
    let error = #expect(throws: CompilationError.self) {
      try SnapshotCompiler.compileAll(digested, environments: ["prodution"]) { _ in SnapshotBytes() }
    }
    #expect(error?.help == "did you mean `production`?")
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
