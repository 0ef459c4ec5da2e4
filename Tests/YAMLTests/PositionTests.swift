import Testing
import YAML

@Suite("Positions")
struct PositionTests {
  @Test("blocks end where their last child ends, empty places stand behind their colon or dash")
  func block() {
    let text = """
      # comment
      a:
        - 1
        - "é" # comment
        -
      literal: |
        x
          y

      folded: >-  # comment

      empty:
      multi: one
        two

      # comment
      last: 'it''s'
      """
    #expect(
      outline(text) == """
        2:1-17:14 block mapping
          2:1-2:2 plain "a"
            3:3-5:4 block sequence
              3:5-3:6 plain "1"
              4:5-4:8 doubleQuoted "é"
              5:4-5:4 plain ""
          6:1-6:8 plain "literal"
            6:10-8:6 literal "x\\n  y\\n"
          10:1-10:7 plain "folded"
            10:9-10:11 folded ""
          12:1-12:6 plain "empty"
            12:7-12:7 plain ""
          13:1-13:6 plain "multi"
            13:8-14:6 plain "one two"
          17:1-17:5 plain "last"
            17:7-17:14 singleQuoted "it\\'s"

        """)
  }

  @Test("flow collections end with their bracket, a single pair with its value")
  func flow() {
    let text = """
      flow: {b: [c, d], e: , f}
      lines: [
        x: y
      ]
      nothing: {}
      """
    #expect(
      outline(text) == """
        1:1-5:12 block mapping
          1:1-1:5 plain "flow"
            1:7-1:26 flow mapping
              1:8-1:9 plain "b"
                1:11-1:17 flow sequence
                  1:12-1:13 plain "c"
                  1:15-1:16 plain "d"
              1:19-1:20 plain "e"
                1:22-1:22 plain ""
              1:24-1:25 plain "f"
                1:25-1:25 plain ""
          2:1-2:6 plain "lines"
            2:8-4:2 flow sequence
              3:3-3:7 flow mapping
                3:3-3:4 plain "x"
                  3:6-3:7 plain "y"
          5:1-5:8 plain "nothing"
            5:10-5:12 flow mapping

        """)
  }

  @Test("a value left out below which lines follow stands behind its key")
  func absentValue() {
    #expect(
      outline("? a\n\n# comment\n? b\n") == """
        1:1-4:4 block mapping
          1:3-1:4 plain "a"
            1:4-1:4 plain ""
          4:3-4:4 plain "b"
            4:4-4:4 plain ""

        """)
  }

  @Test("a list may stand under its key without indentation")
  func indentless() {
    #expect(
      outline("a:\n- 1\n- - 2\n  - 3\n\n\nb: 4\n") == """
        1:1-7:5 block mapping
          1:1-1:2 plain "a"
            2:1-4:6 block sequence
              2:3-2:4 plain "1"
              3:3-4:6 block sequence
                3:5-3:6 plain "2"
                4:5-4:6 plain "3"
          7:1-7:2 plain "b"
            7:4-7:5 plain "4"

        """)
  }

  @Test("columns count Unicode scalars", arguments: ["é", "€", "😀", "日"])
  func nonASCII(_ character: String) {
    #expect(
      outline("\(character)\(character): \"\(character)\" # \(character)\nb: c\n") == """
        1:1-2:5 block mapping
          1:1-1:3 plain "\(character)\(character)"
            1:5-1:8 doubleQuoted "\(character)"
          2:1-2:2 plain "b"
            2:4-2:5 plain "c"

        """)
  }

  @Test("line breaks and a byte order mark do not change any place")
  func lineBreaks() {
    let text = "a: 1\n\nb:\n  - é\n  - |\n    text\n\n    more\n\n  - c: \"x\n      y\"\n# comment\n"
    let expected = outline(text)
    #expect(expected.hasPrefix("1:1-11:9 block mapping"))
    let breaks = text.replacing("\n", with: "\r\n")
    #expect(outline(breaks) == expected)
    #expect(outline([0xEF, 0xBB, 0xBF] + Array(text.utf8)) == expected)
    #expect(outline([0xEF, 0xBB, 0xBF] + Array(breaks.utf8)) == expected)
  }

  @Test("a block scalar ends with its last line that has text")
  func blockScalars() {
    #expect(outline("a: |+\n  x\n  \n\nb: 1\n").contains("1:4-2:4 literal \"x\\n\\n\\n\""))
    #expect(outline("a: >\n\n\n  x é  \n\n# comment\n").contains("1:4-4:6 folded \"\\n\\nx é  \\n\""))
    #expect(outline("- |\n x").contains("1:3-2:3 literal \"x\""))
    #expect(outline("a: |2-\n\n\n").contains("1:4-1:7 literal \"\""))
  }

  @Test("the inside of scalars is known")
  func insideScalar() throws {
    let text = """
      a: "x # y" # outside
      b: | # outside
        # inside
        text

      # outside
      c: [p#q, 'r
        # inside']   # outside
      d: plain # outside
      """
    let document = try #require(Document.parse(Array(text.utf8)).document)
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let scalars = Array(line.unicodeScalars)
      for (index, scalar) in scalars.enumerated() where scalar == "#" {
        let rest = String(String.UnicodeScalarView(scalars[index...]))
        let position = SourcePosition(line: UInt32(number) + 1, column: UInt32(index) + 1)
        #expect(document.isInsideScalar(position) == !rest.hasPrefix("# outside"), "\(position)")
      }
    }
  }

  @Test("no place of an empty file is inside a scalar, and none beyond the end")
  func outside() throws {
    let document = try #require(Document.parse(Array("a".utf8)).document)
    #expect(document.isInsideScalar(SourcePosition(line: 1, column: 1)))
    #expect(!document.isInsideScalar(SourcePosition(line: 1, column: 2)))
    #expect(!document.isInsideScalar(SourcePosition(line: 9, column: 9)))
  }
}
