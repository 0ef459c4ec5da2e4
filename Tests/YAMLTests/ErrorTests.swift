import Testing
import YAML

@Suite("Errors")
struct ErrorTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var text: String
    /// `range code`, one a line of the report.
    var expected: [String]
    var hasDocument = false
    var testDescription: String { text.debugDescription }
  }

  static let cases = [
    Case(text: "", expected: ["1:1-1:1 empty"]),
    Case(text: "# nothing\n\n", expected: ["1:1-1:1 empty"]),
    Case(text: "---\n", expected: ["1:1-1:1 empty"]),
    Case(text: "--- # nothing\n...\n", expected: ["1:1-1:1 empty"]),
    Case(text: "a: 1\nb: 2\na: 3\n", expected: ["3:1-3:2 duplicateKey"], hasDocument: true),
    Case(
      text: "a: {x: 1, \"x\": 2, 'x': 3}\nb: [{y: 1, y: 2}]\na:\n",
      expected: ["1:11-1:14 duplicateKey", "1:19-1:22 duplicateKey", "2:12-2:13 duplicateKey", "3:1-3:2 duplicateKey"],
      hasDocument: true),
    Case(text: "{? : 1, '': 2}", expected: ["1:9-1:11 duplicateKey"], hasDocument: true),
    Case(text: "é: 1\n? [a, b]\n: 2\n", expected: ["2:3-2:4 collectionKey"]),
    Case(text: "{{a: 1}: 2}", expected: ["1:2-1:3 collectionKey"]),
    Case(text: "a: &x 1\nb: *x\n", expected: ["1:4-1:6 anchor", "2:4-2:6 alias"]),
    Case(text: "a: &anchor\n  b: 1\n", expected: ["1:4-1:11 anchor"], hasDocument: true),
    Case(text: "a: !!str 1\nb: !x [1]\n", expected: ["1:4-1:9 tag", "2:4-2:6 tag"], hasDocument: true),
    Case(text: "a: ! 1\n", expected: ["1:4-1:5 tag"], hasDocument: true),
    Case(text: "a: &x !!str 1\n", expected: ["1:4-1:6 anchor", "1:7-1:12 tag"], hasDocument: true),
    Case(text: "a: !!map\n  &x\n  b: 1\n", expected: ["1:4-1:9 tag", "2:3-2:5 anchor"], hasDocument: true),
    Case(text: "*a : 1", expected: ["1:1-1:3 alias"]),
    Case(text: "a: 1\n---\nb: 2\n", expected: ["2:1-2:4 multipleDocuments"], hasDocument: true),
    Case(text: "%YAML 1.2\n---\na: 1\n", expected: ["1:1-1:6 directive"], hasDocument: true),
    Case(text: "%TAG ! tag:x,2000:\n---\na: 1\n", expected: ["1:1-1:5 directive"], hasDocument: true),
    Case(text: "a: 1\0", expected: ["1:5-1:6 nul"]),
    Case(text: "a: é\nb: \u{7}", expected: ["2:4-2:5 controlCharacter"]),
    Case(text: "aaaaaaaaaaaa\u{B}aaaaaaaaaaaaa", expected: ["1:13-1:14 controlCharacter"]),
    Case(text: "aaaaaaaaaaaa\n\u{B}aaaaaaaaaaaaa", expected: ["2:1-2:2 controlCharacter"]),
    Case(text: "a: x\u{7F}", expected: ["1:5-1:6 controlCharacter"]),
    Case(text: "a: x\u{85}b: y", expected: ["1:5-1:6 controlCharacter"]),
    Case(text: "a: \"x\u{2028}\"", expected: ["1:6-1:7 controlCharacter"]),
    Case(text: "# x\u{2029}a: b", expected: ["1:4-1:5 controlCharacter"]),
    Case(text: "a: b\rc: d\n", expected: ["1:5-1:6 controlCharacter"]),
    Case(text: "a: b\r", expected: ["1:5-1:6 controlCharacter"]),
    Case(text: "a: \u{FEFF}b", expected: ["1:4-1:5 controlCharacter"]),
    Case(text: "\u{FEFF}\u{FEFF}b", expected: ["1:1-1:2 controlCharacter"]),
    Case(text: "a: \u{FFFE}b", expected: ["1:4-1:5 controlCharacter"]),
    Case(text: "a: b: c\n", expected: ["1:5-1:6 syntax"]),
    Case(text: "a: 1\nb\nc: 1\n", expected: ["2:1-2:2 syntax"]),
    Case(text: "a:\nb-", expected: ["2:1-2:2 syntax"]),
    Case(text: "a: [1, 2\nb: 3\n", expected: ["2:2-2:3 syntax"]),
    Case(text: "a: 1\n b: 2\n", expected: ["2:3-2:4 syntax"]),
    Case(text: "a:\n\tb: 1\n", expected: ["2:1-2:2 syntax"]),
    Case(text: "a: 'x\n", expected: ["2:1-2:1 syntax"]),
    Case(text: "- a\nb: 1\n", expected: ["2:1-2:2 syntax"]),
    Case(text: "[a]\nb\n", expected: ["2:1-2:2 syntax"]),
    Case(text: "a: @b\n", expected: ["1:4-1:5 syntax"]),
    Case(text: "a: \"\\q\"\n", expected: ["1:5-1:6 syntax"]),
    Case(text: "a: \"\\ud83d\\ude00\"\n", expected: ["1:7-1:8 syntax"]),
    // All that comes before a syntax error is told too.
    Case(
      text: "a: {b: 1, b: 2}\nc: !x 1\nd: ]\n", expected: ["1:11-1:12 duplicateKey", "2:4-2:6 tag", "3:4-3:5 syntax"]),
  ]

  @Test("are told with their places", arguments: cases)
  func report(_ example: Case) {
    let (document, errors) = Document.parse(Array(example.text.utf8))
    #expect(errors.map { "\(describe($0.range)) \($0.code)" } == example.expected)
    #expect((document != nil) == example.hasDocument)
    for error in errors {
      #expect(!error.message.isEmpty && !error.help.isEmpty)
      #expect(!error.message.hasSuffix(".") && !error.help.hasSuffix("."))
    }
  }

  @Test("every kind has an example, here or below")
  func everyCode() {
    let seen = Set(Self.cases.flatMap { Document.parse(Array($0.text.utf8)).errors.map(\.code) })
    let others: Set<YAMLError.Code> = [.invalidUTF8, .tooLarge, .tooDeep, .tooManyNodes, .outOfMemory]
    #expect(seen.isDisjoint(with: others))
    #expect(seen.union(others) == Set(YAMLError.Code.allCases))
  }

  @Test(
    "bytes that are not UTF-8 are found where they are",
    arguments: [
      [0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98],
    ] as [[UInt8]])
  func invalidUTF8(_ bytes: [UInt8]) {
    for tail in ["", "\n", "long enough for a word of eight"] {
      let (document, errors) = Document.parse(Array("a: €\né ".utf8) + bytes + Array(tail.utf8))
      #expect(document == nil)
      #expect(errors.map { "\(describe($0.range)) \($0.code)" } == ["2:3-2:4 invalidUTF8"])
    }
  }

  @Test("all characters of YAML and none else are taken in quotes")
  func characters() {
    for value in [0...0x2FFF, 0xD7F0...0xE010, 0xFE00...0x1_0010, 0x10_FFF0...0x10_FFFF].joined() {
      guard let scalar = UnicodeScalar(UInt32(value)), ![0x22, 0x5C, 0x0A, 0x0D].contains(value) else { continue }
      let isPrintable =
        switch value {
        case 0x09, 0x20...0x7E, 0xA0...0x2027, 0x202A...0xFEFE, 0xFF00...0xFFFD, 0x10000...: true
        default: false
        }
      let (document, errors) = Document.parse(Array("\"a\(scalar)a\"".utf8))
      #expect((document?.root.text == "a\(scalar)a") == isPrintable, "U+\(String(value, radix: 16))")
      #expect(errors.isEmpty == isPrintable, "U+\(String(value, radix: 16))")
    }
  }

  @Test("UTF-16 is named", arguments: [[0xFF, 0xFE, 0x61, 0], [0xFE, 0xFF, 0, 0x61]] as [[UInt8]])
  func utf16(_ bytes: [UInt8]) throws {
    let error = try #require(Document.parse(bytes).errors.first)
    #expect(error.code == .invalidUTF8)
    #expect(error.message.contains("UTF-16"))
  }

  @Test("limits are exact")
  func limits() {
    func codes(_ text: String, _ limits: Limits) -> [YAMLError.Code] {
      Document.parse(Array(text.utf8), limits: limits).errors.map(\.code)
    }
    #expect(codes("abcd", Limits(bytes: 4)) == [])
    #expect(codes("abcde", Limits(bytes: 4)) == [.tooLarge])
    #expect(codes("[[a]]", Limits(depth: 2)) == [])
    #expect(codes("[[[a]]]", Limits(depth: 2)) == [.tooDeep])
    #expect(codes("a: {b: {c: d}}", Limits(depth: 2)) == [.tooDeep])
    #expect(codes("[a, b]", Limits(nodes: 3)) == [])
    #expect(codes("[a, b, c]", Limits(nodes: 3)) == [.tooManyNodes])
  }

  @Test("reading ends after a hundred errors")
  func manyErrors() {
    let text = String(repeating: "- !t x\n", count: 1000)
    let (document, errors) = Document.parse(Array(text.utf8))
    #expect(document == nil)
    #expect(errors.count == 100)
  }

  @Test("an equal key points at the first, a syntax error at what it is in")
  func related() throws {
    let duplicate = try #require(Document.parse(Array("a: 1\nb: 2\nc: 3\na: 4\n".utf8)).errors.first)
    #expect(duplicate.message == "the key 'a' is here twice")
    #expect(duplicate.related.map { describe($0.range) } == "1:1-1:2")
    let open = try #require(Document.parse(Array("a: 'x\nb: 2\n".utf8)).errors.first)
    #expect(open.message == "the text in quotes is not closed")
    #expect(open.related.map { describe($0.range) } == "1:4-1:5")
  }

  @Test("many equal keys in one mapping are found among many keys")
  func manyKeys() {
    let lines = (0..<5000).map { "key-\($0 % 4990): \($0)\n" }.joined()
    let errors = Document.parse(Array(lines.utf8)).errors
    #expect(errors.map(\.range.start.line) == (4991...5000).map { $0 })
    #expect(errors.map { $0.related?.range.start.line } == (1...10).map { $0 })
  }
}
