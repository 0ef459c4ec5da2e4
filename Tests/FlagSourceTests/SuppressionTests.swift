import FlagSource
import Testing
import YAML

@Suite("Suppressions")
struct SuppressionTests {
  /// The lines of findings in a segment that nobody uses, with this text.
  static func lines(_ text: String) throws -> [String] {
    try Validation.of(Rule.Example.base + [("segments/unused.yaml", text)]).lines.map {
      $0.replacing("segments/unused.yaml:", with: "")
    }
  }

  static let unused = "1:1 W003 no condition names segment `unused`"

  @Test(
    "a comment with a reason takes a finding about the file back",
    arguments: [
      "# ensign: allow W003 used from July on\ndescription: X.\ninclude: [u]\n",
      "# ensign: allow unused-segment used from July on\ndescription: X.\ninclude: [u]\n",
      "description: X. # ensign: allow W003 used from July on\ninclude: [u]\n",
      "# A heading\n\n# ensign: allow W003 used from July on\n\n# More words\ndescription: X.\ninclude: [u]\n",
      "\u{FEFF}# ensign: allow W003 used from July on\r\ndescription: X.\r\ninclude: [u]\r\n",
      "#ensign:allow W003 used from July on\ndescription: X.\ninclude: [u]\n",
      "# ensign: allow W003, I001 used from July on\ninclude: [u]\n",
      "# ensign: allow W003 used from July on\n# ensign: allow I001 the name says it\ninclude: [u]\n",
    ])
  func takesBack(_ text: String) throws {
    #expect(try Self.lines(text) == [])
  }

  @Test(
    "a comment holds for its own line, or the next one below comments",
    arguments: [
      ("description: X.\ninclude: [u, u] # ensign: allow W007 shown on purpose\n", [unused]),
      ("description: X.\n# ensign: allow W007 shown on purpose\n# words\n\ninclude: [u, u]\n", [unused]),
      (
        "description: X.\n# ensign: allow W007 shown on purpose\nwhen: {beta: true}\ninclude: [u, u]\n",
        [
          unused, "2:17 W011 there is no finding of `W007` to take back",
          "4:14 W007 targeting key `u` stands here twice",
        ]
      ),
      (
        "description: X.\ninclude: [u, u]\n# ensign: allow W007 shown on purpose\n",
        [
          unused, "2:14 W007 targeting key `u` stands here twice",
          "3:17 W011 there is no finding of `W007` to take back",
        ]
      ),
    ])
  func places(_ text: String, _ expected: [String]) throws {
    #expect(try Self.lines(text) == expected)
  }

  @Test(
    "what looks like a comment and is text has no effect",
    arguments: [
      "description: \"# ensign: allow W003 no comment\"\ninclude: [u]\n",
      "description: '# ensign: allow W003 no comment'\ninclude: [u]\n",
      "description: |\n  # ensign: allow W003 no comment\ninclude: [u]\n",
      "description: X#ensign: allow W003 no comment\ninclude: [u]\n".replacing("#ensign: ", with: "#ensign:"),
    ])
  func texts(_ text: String) throws {
    #expect(try Self.lines(text) == [Self.unused])
  }

  @Test(
    "a comment that is wrong is a finding itself",
    arguments: [
      ("# ensign: allow W003\n", ["1:1 W012 the comment does not say why"]),
      ("# ensign: allow W903 why\n", [unused, "1:17 W013 there is no rule `W903`"]),
      ("# ensign: allow E012 why\n", [unused, "1:17 W014 `E012` is an error, and errors cannot be taken back"]),
      ("# ensign: ignore W003 why\n", [unused, "1:1 W015 the comment is not understood"]),
      ("# ensign: allow\n", [unused, "1:1 W015 the comment is not understood"]),
      ("# ensign: allow W003 a\n# ensign: allow W003 b\n", ["1:17 W011 there is no finding of `W003` to take back"]),
    ])
  func wrong(_ comment: String, _ expected: [String]) throws {
    #expect(try Self.lines(comment + "description: X.\ninclude: [u]\n") == expected)
  }

  @Test("an error stays, whatever a comment says")
  func errors() throws {
    let text = "enabled: true\notherwise: onn # ensign: allow E012 it is fine\n"
    let validation = try Validation.of(Rule.Example.base + [("environments/staging/new-cart.yaml", text)])
    #expect(validation.checked == nil)
    #expect(validation.findings.map(\.code) == ["E012", "W014"])
  }

  @Test("a comment is not called unused while another file cannot be read")
  func brokenFile() throws {
    let files: [(path: String, text: String)] = [
      ("segments/unused.yaml", "# ensign: allow W003 used from July on\ndescription: X.\ninclude: [u]\n"),
      ("environments/staging/new-cart.yaml", "enabled: [\n"),
    ]
    let validation = try Validation.of(Rule.Example.base + files)
    #expect(!validation.findings.contains { $0.code == "W011" || $0.code == "W003" })
  }
}
