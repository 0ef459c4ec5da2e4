import FlagSource
import Testing
import YAML

@Suite("Hostile files")
struct HostileTreeTests {
  /// The findings of one file of bytes beside the base tree.
  static func findings(_ path: String, _ bytes: [UInt8]) throws -> [String] {
    let base = Rule.Example.base.filter { $0.path != path }
    let files = base.map { (path: Array($0.path.utf8), bytes: Array($0.text.utf8)) }
    let reading = try TreeReader.read(MemoryFiles(bytes: files + [(Array(path.utf8), bytes)]))
    return reading.findings.map { finding in
      "\(finding.range.start.line):\(finding.range.start.column) \(finding.code) \(finding.message)"
    }
  }

  static let config = "environments/staging/new-cart.yaml"

  @Test("100 KB of brackets", .timeLimit(.minutes(10)))
  func brackets() throws {
    let found = try Self.findings(Self.config, Array(repeating: UInt8(ascii: "["), count: 100_000))
    #expect(found == ["1:65 E005 collections are nested more than 64 levels deep"])
  }

  @Test("not UTF-8")
  func invalidUTF8() throws {
    #expect(try Self.findings(Self.config, Array("enabled: ".utf8) + [0xFF]).first?.hasPrefix("1:10 E002") == true)
  }

  @Test("a NUL")
  func nul() throws {
    #expect(try Self.findings(Self.config, Array("enabled: \0".utf8)).first?.hasPrefix("1:10 E002") == true)
  }

  @Test("empty, and nothing but comments", arguments: ["", "# nothing\n", "---\n"])
  func empty(text: String) throws {
    #expect(try Self.findings(Self.config, Array(text.utf8)) == ["1:1 E004 the file has no content"])
  }

  @Test("a byte order mark and CRLF make no difference")
  func lineEnds() throws {
    let text = "enabled: true\r\nrules: []\r\notherwise: on\r\n"
    #expect(try Self.findings(Self.config, [0xEF, 0xBB, 0xBF] + Array(text.utf8)) == [])
  }

  @Test("more than a mebibyte")
  func tooLarge() throws {
    let text = "enabled: true\notherwise: on\n# " + String(repeating: "x", count: 1 << 20)
    #expect(try Self.findings(Self.config, Array(text.utf8)) == ["1:1 E005 the file has more than 1048576 bytes"])
  }

  @Test("a path that is not UTF-8")
  func path() throws {
    let files: [(path: [UInt8], bytes: [UInt8])] = [
      (Array("ensign.yaml".utf8), Array(Rule.Example.base[0].text.utf8)),
      (Array("definitions/".utf8) + [0xFF] + Array(".yaml".utf8), Array("type: boolean\noff: off\n".utf8)),
    ]
    let reading = try TreeReader.read(MemoryFiles(bytes: files))
    #expect(reading.findings.map(\.code) == ["E024"])
    #expect(reading.files.paths.first == "definitions/\u{FFFD}.yaml")
  }

  @Test("a broken entry does not hide the others")
  func neighbours() throws {
    let text = "enabled: x\nrules:\n  - {name: a, serve: [on]}\n  - {name: b, serv: on}\notherwise: {}\n"
    let found = try Self.findings(Self.config, Array(text.utf8))
    #expect(found.map { $0.prefix(9) } == ["1:10 E023", "3:22 E023", "4:15 E021", "5:12 E034"])
  }
}
