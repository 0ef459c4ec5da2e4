import FlagSource
import SeededRandom
import Testing
import YAML

@Suite("Lists of targeting keys")
struct IncludedKeysTests {
  /// The segment of the keys in `text`, and what was found in the list.
  static func read(_ text: String) throws -> (keys: [String], findings: [String]) {
    let files: [(path: String, text: String)] = [
      ("segments/staff.yaml", "includeFrom: ids.txt\n"), ("segments/ids.txt", text),
    ]
    let reading = try TreeReader.read(MemoryFiles(Rule.Example.base + files))
    let included = reading.tree?.segment("staff")?.includeFrom
    let keys = included.map { included in included.keys.map { String(decoding: included.bytes[$0], as: UTF8.self) } }
    let findings = reading.findings.map { finding in
      "\(reading.files.path(of: finding.file)):\(finding.range.start.line) \(finding.code) \(finding.message)"
    }
    return (keys ?? [], findings)
  }

  @Test("are sorted by bytes", arguments: ["b\na\nab\n", "b\r\na\r\nab\r\n", "b\na\nab", "\u{FEFF}b\na\nab\n"])
  func sorted(text: String) throws {
    let (keys, findings) = try Self.read(text)
    #expect(keys == ["a", "ab", "b"])
    #expect(findings == [])
  }

  @Test(
    "report each line that is no key",
    arguments: [
      ("a\n\nb\n", "segments/ids.txt:2 E052 the line is empty"),
      ("a\n b\n", "segments/ids.txt:2 E052 the key has spaces before or after it, or a tab"),
      ("a\tb\n", "segments/ids.txt:1 E052 the key has spaces before or after it, or a tab"),
      ("a\u{7}\n", "segments/ids.txt:1 E052 the key has a control character"),
      ("a\nb\na\n", "segments/ids.txt:3 E052 the key `a` stands here twice"),
      ("é\ne\u{301}\né\n", "segments/ids.txt:3 E052 the key `é` stands here twice"),
      (String(repeating: "x", count: 1025), "segments/ids.txt:1 E052 the key has 1025 bytes, more than 1024"),
    ])
  func problems(text: String, expected: String) throws {
    let (keys, findings) = try Self.read(text)
    #expect(findings == [expected])
    #expect(keys == [])
  }

  @Test("report ten lines and count the others")
  func manyProblems() throws {
    let (_, findings) = try Self.read(String(repeating: "same\n", count: 100))
    #expect(findings.count == 11)
    #expect(findings.last == "segments/ids.txt:12 E052 89 more lines of this file cannot be used")
  }

  @Test("are not UTF-8")
  func invalidUTF8() throws {
    let files = (Rule.Example.base + [("segments/staff.yaml", "includeFrom: ids.txt\n")]).map {
      (path: Array($0.path.utf8), bytes: Array($0.text.utf8))
    }
    let list = (path: Array("segments/ids.txt".utf8), bytes: [0x61, 0x0A, 0xC3, 0x28, 0x0A] as [UInt8])
    let reading = try TreeReader.read(MemoryFiles(bytes: files + [list]))
    #expect(reading.findings.map(\.message) == ["the key is not UTF-8"])
  }

  @Test("must lie beside the segment", arguments: [("id.txt", "did you mean `ids.txt`?"), ("../ids.txt", nil)])
  func names(name: String, help: String?) throws {
    let files: [(path: String, text: String)] = [
      ("segments/staff.yaml", "includeFrom: \(name)\n"), ("segments/ids.txt", "user-1\n"), ("ids.txt", "user-2\n"),
    ]
    let reading = try TreeReader.read(MemoryFiles(Rule.Example.base + files))
    #expect(reading.findings.map(\.code) == ["E051"])
    if let help { #expect(reading.findings.first?.help == help) }
    #expect(reading.tree?.broken.segments == ["staff"])
  }

  @Test("are sorted as Swift sorts them")
  func manyKeys() throws {
    var generator = SplitMix64(seed: 7)
    let lines = Set((0..<20_000).map { _ in "user-\(generator.next() % 10_000_000)" })
    let (keys, findings) = try Self.read(lines.joined(separator: "\n"))
    #expect(findings == [])
    #expect(keys == lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }
}
