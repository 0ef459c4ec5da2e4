import FlagSource
import Testing
import YAML

@Suite("The layout of a tree")
struct TreeLayoutTests {
  /// `path:line:column code` of every finding.
  static func findings(_ files: [(path: String, text: String)]) throws -> [String] {
    let reading = try TreeReader.read(MemoryFiles(Rule.Example.base + files))
    return reading.findings.map { finding in
      let start = finding.range.start
      return "\(reading.files.path(of: finding.file)):\(start.line):\(start.column) \(finding.code)"
    }
  }

  static let flag = "type: boolean\noff: off\n"

  @Test(
    "knows which files are read, and where",
    arguments: [
      ("definitions/payments/old/old-cart.yaml", []),
      ("README.md", []),
      ("segments/ids.txt", []),
      ("definitions/old-cart.yml", ["definitions/old-cart.yml:1:1 E011"]),
      ("definitions/old-cart.YAML", ["definitions/old-cart.YAML:1:1 E011"]),
      ("old-cart.yaml", ["old-cart.yaml:1:1 E010"]),
      ("definition/old-cart.yaml", ["definition/old-cart.yaml:1:1 E010"]),
      ("environments/old-cart.yaml", ["environments/old-cart.yaml:1:1 E010"]),
      ("environments/prod/old-cart.yaml", ["environments/prod/old-cart.yaml:1:1 E042"]),
      ("definitions/old cart.yaml", ["definitions/old cart.yaml:1:1 E024"]),
      ("definitions/-cart.yaml", ["definitions/-cart.yaml:1:1 E024"]),
      ("definitions/cart.yaml/", ["definitions/cart.yaml:1:1 E009"]),
      ("definitions/cart.yaml|", ["definitions/cart.yaml:1:1 E001"]),
      ("README.md -> ../README.md", ["README.md:1:1 E008"]),
      ("definitions/new-cart.yaml -> /etc/passwd", ["definitions/new-cart.yaml:1:1 E008"]),
    ])
  func places(path: String, expected: [String]) throws {
    #expect(try Self.findings([(path, Self.flag)]) == expected)
  }

  @Test("allows a key of 128 bytes and no more", arguments: [(128, 0), (129, 1)])
  func longKeys(length: Int, count: Int) throws {
    let key = String(repeating: "k", count: length)
    #expect(try Self.findings([("definitions/\(key).yaml", Self.flag)]).count == count)
  }

  @Test("reports an unknown environment once, and reads nothing in it")
  func unknownEnvironment() throws {
    let found = try Self.findings([
      ("environments/prod/a.yaml", "nonsense"), ("environments/prod/b.yaml", "nonsense"),
    ])
    #expect(found == ["environments/prod/a.yaml:1:1 E042"])
  }

  @Test("reads nothing below a folder that is named like a file")
  func closedFolder() throws {
    let found = try Self.findings([("definitions/x.yaml/", ""), ("definitions/x.yaml/y.yaml", "nonsense")])
    #expect(found == ["definitions/x.yaml:1:1 E009"])
  }

  @Test("reads the other files, whatever the manifest is like")
  func brokenManifest() throws {
    let found = try Self.findings([
      ("ensign.yaml", "format: 1\nproject: [\n"), ("environments/any/a.yaml", "enabled: true\n"),
    ])
    #expect(found == ["ensign.yaml:3:1 E003", "environments/any/a.yaml:1:1 E022"])
  }

  @Test("says where the manifest is missing")
  func missingManifest() throws {
    let reading = try TreeReader.read(MemoryFiles([("definitions/a.yaml", "off: [\n")]))
    #expect(reading.findings.map(\.code) == ["E003", "E020"])
    #expect(reading.files.paths == ["definitions/a.yaml", "ensign.yaml"])
    #expect(reading.tree == nil)
  }

  @Test("records what is broken, so that nobody blames its users")
  func broken() throws {
    let tree = try #require(
      try TreeReader.read(
        MemoryFiles(
          Rule.Example.base + [
            ("definitions/b.yaml", "type: bool\n"), ("segments/staff.yaml", "when: {}\n"),
            ("environments/staging/new-cart.yaml", "enabled: maybe\n"),
          ])
      ).tree)
    #expect(tree.broken.definitions == ["b"])
    #expect(tree.broken.segments == ["staff"])
    #expect(tree.broken.configs == ["staging": ["new-cart"]])
    #expect(!tree.broken.attributes && !tree.broken.owners)
  }

  @Test("gives the same whatever the threads do")
  func determinism() throws {
    var files = Rule.Example.base
    for number in 0..<700 {
      files.append(("definitions/d\(number)/flag-\(number).yaml", "type: boolean\noff: off\n# ensign: allow W001 x\n"))
      files.append(("environments/staging/flag-\(number).yaml", "enabled: \(number)\notherwise: on\n"))
    }
    let first = try TreeReader.read(MemoryFiles(files))
    #expect(first.findings.count == 700)
    #expect(first.suppressions.count == 700)
    let paths = first.findings.map { first.files.path(of: $0.file) }
    #expect(paths == paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    for _ in 0..<5 {
      let next = try TreeReader.read(MemoryFiles(files.shuffled()))
      #expect(next.findings.map(\.message) == first.findings.map(\.message))
      #expect(next.tree?.definitions.map(\.key) == first.tree?.definitions.map(\.key))
      #expect(next.suppressions.map(\.file) == first.suppressions.map(\.file))
    }
  }
}
