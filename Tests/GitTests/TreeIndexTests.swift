import SeededRandom
import Testing

@testable import Git

@Suite("The index of a tree")
struct TreeIndexTests {
  /// Names that stand close together in Git's order, in which a slash follows the names of folders.
  private static func names(_ random: inout SplitMix64) -> [String: Bool] {
    var names: [String: Bool] = [:]
    for _ in 0..<Int(random.next() % 60) {
      let length = 1 + random.next() % 3
      let name = (0..<length).map { _ in ["a", "b", "-", ".", "0", "\u{E9}"][Int(random.next() % 6)] }.joined()
      if name != ".", name != ".." { names[name] = random.next() % 3 == 0 }
    }
    return names
  }

  @Test("finds what is there and nothing else", arguments: UInt64(0)..<20)
  func finds(seed: UInt64) throws {
    let temporary = try TemporaryRepository()
    var random = SplitMix64(seed: seed)
    let names = Self.names(&random)
    let blob = try temporary.git("hash-object", "-w", "--stdin", input: "x\n")
    let inner = try temporary.git("mktree", input: "100644 blob \(blob)\tx\n")
    let lines = names.map { $1 ? "040000 tree \(inner)\t\($0)\n" : "100644 blob \(blob)\t\($0)\n" }
    let tree = try temporary.git("mktree", "-z", input: lines.joined().replacing("\n", with: "\0"))
    let repository = try Repository(discovering: temporary.folder)
    let index = try repository.index(ofTree: #require(ObjectID(hexadecimal: tree)))
    #expect(index.count == names.count)
    for (name, isFolder) in names {
      let entry = try #require(index.entry(named: TreeIndex.Name(name)))
      #expect(entry.name == name)
      #expect(entry.kind == (isFolder ? .tree : .blob))
    }
    for (name, _) in Self.names(&random) where names[name] == nil {
      #expect(index.entry(named: TreeIndex.Name(name)) == nil)
    }
  }

  @Test("finds what another tool has written in another order, or twice")
  func unsorted() throws {
    let temporary = try TemporaryRepository()
    // An id that is text, so that the tree can be written as text.
    let names = (0..<40).map { "file-\(($0 * 7) % 40)" } + ["file-3"]
    let bytes = names.enumerated().map { "100644 \($1)\0\(String(repeating: "0", count: 18))\($0 + 10)" }.joined()
    let tree = try temporary.git("hash-object", "-w", "--literally", "-t", "tree", "--stdin", input: bytes)
    let repository = try Repository(discovering: temporary.folder)
    let index = try repository.index(ofTree: #require(ObjectID(hexadecimal: tree)))
    for (number, name) in names.dropLast().enumerated() {
      let entry = try #require(index.entry(named: TreeIndex.Name(name)))
      #expect(entry == index.entries[number])
    }
    #expect(index.entry(named: TreeIndex.Name("file-40")) == nil)
  }
}
