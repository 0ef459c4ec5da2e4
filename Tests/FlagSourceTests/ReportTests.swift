import FlagSource
import Foundation
import Testing
import YAML

@Suite("Reports")
struct ReportTests {
  /// A tree with findings of every level, with notes and fixes, and lines that are hard to show.
  static let files: [(path: String, text: String)] =
    Rule.Example.base + [
      (
        "environments/production/new-cart.yaml",
        """
        enabled: true
        rules:
          - name: staff
            when: {segment: staff, country: [DE, FR, DE]}
            serve: onn
        otherwise: off

        """
      ),
      (
        "environments/staging/new-cart.yaml",
        "enabled: true\ntargets:\n  on: [日本語-é-👍, \"日本語\", ada@acme.example]\n  off: [\"日本語\"]\notherwise: on\n"
      ),
      ("segments/contractors.yaml", "include: [user-1]   # a comment with a tab\there\n"),
      (
        "tests/long.yaml",
        "- {flag: new-cart, environment: staging, given: {\(long), age: \"x\", plan: \"\(longer)\"}, expect: on}\n"
      ),
    ]

  private static let longer = String(repeating: "a long plan ", count: 20)

  private static let long = "email: \"\(String(repeating: "a long address ", count: 20))\""

  static func report(isColored: Bool = false) throws -> Report {
    Report(try Validation.of(files), prefix: "flags/", isColored: isColored)
  }

  @Test("formats are written as recorded", arguments: ReportFormat.all.map(\.name))
  func golden(_ name: String) throws {
    let format = try #require(ReportFormat.named(name))
    let actual = String(decoding: format.render(try Self.report()), as: UTF8.self)
    let file = Golden.fixtures.appending(path: "Reports/report.\(name)")
    try Golden.expect(actual, equals: file, hint: "Look at it: ENSIGN_RECORD=1 swift test --filter ReportTests")
  }

  @Test("colours change nothing but the colour")
  func colors() throws {
    let plain = String(decoding: ReportFormat.text.render(try Self.report()), as: UTF8.self)
    let colored = String(decoding: ReportFormat.text.render(try Self.report(isColored: true)), as: UTF8.self)
    #expect(colored != plain)
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test("nothing is said about a clean tree")
  func clean() throws {
    let report = Report(try Validation.of(Rule.Example.base))
    #expect(report.summary == nil)
    #expect(ReportFormat.text.render(report) == [])
    #expect(ReportFormat.github.render(report) == [])
    #expect(ReportFormat.gitlab.render(report) == Array("[]\n".utf8))
    #expect(ReportFormat.markdown.render(report) == Array("### ensign: no findings\n".utf8))
    let junit = String(decoding: ReportFormat.junit.render(report), as: UTF8.self)
    #expect(junit.contains("tests=\"1\" failures=\"0\""))
    let json = String(decoding: ReportFormat.json.render(report), as: UTF8.self)
    #expect(json == #"{"findings":[],"summary":{"errors":0,"warnings":0,"information":0}}"# + "\n")
  }

  @Test("JSON is what another reader reads")
  func json() throws {
    let report = try Self.report()
    let read = try JSONSerialization.jsonObject(with: Data(ReportFormat.json.render(report)))
    let document = try #require(read as? [String: Any])
    let findings = try #require(document["findings"] as? [[String: Any]])
    #expect(findings.count == report.findings.count)
    for (object, finding) in zip(findings, report.findings) {
      #expect(object["code"] as? String == finding.code.description)
      #expect(object["message"] as? String == finding.message)
      #expect((object["notes"] as? [Any])?.count ?? 0 == finding.notes.count)
      #expect((object["file"] as? String)?.hasPrefix("flags/") == true)
    }
    let summary = try #require(document["summary"] as? [String: Int])
    #expect(summary.values.reduce(0, +) == findings.count)
  }

  @Test("what a terminal would obey is made visible")
  func control() throws {
    let name = "a\u{1B}[31m\u{202E}b"
    let validation = try Validation.of(
      Rule.Example.base + [("environments/staging/new-cart.yaml", "enabled: true\notherwise: \"a\\e[31m\\u202eb\"\n")])
    #expect(validation.findings.contains { $0.message.contains("\u{202E}") || $0.message.contains("b") })
    let text = String(decoding: ReportFormat.text.render(Report(validation)), as: UTF8.self)
    #expect(!text.contains("\u{1B}"))
    #expect(!text.contains("\u{202E}"))
    #expect(!text.contains(name))
  }

  @Test("GitHub gets ten annotations of a level, a notice with the count, and the rest as lines")
  func manyFindings() throws {
    let many = (1...25).map { ("segments/unused-\($0).yaml", "description: Nobody.\ninclude: [user-\($0)]\n") }
    let report = Report(try Validation.of(Rule.Example.base + many))
    #expect(report.count(.warning) == 25)
    let lines = String(decoding: ReportFormat.github.render(report), as: UTF8.self).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("::warning ") } == 10)
    #expect(
      lines.filter { $0.hasPrefix("::notice ") } == [
        "::notice title=ensign::GitHub shows ten annotations of a level; 15 more findings in the log"
      ])
    #expect(lines.count { $0.hasPrefix(" ") } == 15)
  }

  /// The members `name` of the objects of GitLab's format.
  private static func gitlab(_ files: [(path: String, text: String)], _ name: String) throws -> [String] {
    let bytes = ReportFormat.gitlab.render(Report(try Validation.of(files)))
    let objects = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]])
    return objects.compactMap { $0[name] as? String }
  }

  @Test("fingerprints are unique, and stay when lines and files move")
  func fingerprints() throws {
    let before = try Self.gitlab(Self.files, "fingerprint")
    #expect(before.count == (try Self.report().findings.count))
    #expect(Set(before).count == before.count)
    #expect(before.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{64}/) != nil })
    var moved = Self.files
    for index in moved.indices where moved[index].path.hasPrefix("environments/production/") {
      moved[index].path = "environments/production/team/new-cart.yaml"
    }
    moved = moved.map { path, text in (path, "# A comment.\n\n\n" + text) }
    // The old file of the base tree would come back under its path.
    moved.insert(("environments/production/new-cart.yaml", ""), at: Rule.Example.base.count)
    #expect(Set(try Self.gitlab(moved, "fingerprint")) == Set(before))
    #expect(try Self.gitlab(moved, "check_name").sorted() == Self.gitlab(Self.files, "check_name").sorted())
  }

  @Test("the same mistake twice at one field has two fingerprints")
  func repeatedIdentities() throws {
    let report = try Self.report()
    var twice = report
    twice.findings += report.findings
    #expect(Set(twice.identities).count == twice.findings.count)
    #expect(Set(report.identities).isSubset(of: twice.identities))
  }

  @Test("a comment never outgrows its limit, and counts what it leaves out")
  func hugeMarkdown() throws {
    let many = (1...2_000).map { ("segments/unused-\($0).yaml", "description: Nobody.\ninclude: [user-\($0)]\n") }
    let wrong = [("environments/staging/new-cart.yaml", "enabled: true\notherwise: onn\n")]
    let report = Report(try Validation.of(Rule.Example.base + many + wrong))
    let text = String(decoding: ReportFormat.markdown.render(report), as: UTF8.self)
    #expect(text.utf8.count <= Markdown.greatestSize)
    #expect(text.utf8.count > Markdown.greatestSize - 1_000)
    let lines = text.split(separator: "\n")
    let shown = lines.count { $0.hasPrefix("- **") }
    #expect(text.contains("- … and \(report.findings.count - shown) more findings"))
    #expect(lines.first { $0.hasPrefix("- **") }?.hasPrefix("- **error**") == true)
    #expect(text.hasSuffix("</details>\n"))
  }

  @Test(
    "Markdown shows what it is given",
    arguments: [
      ("a*b_c", #"a\*b\_c"#), ("<b>", "&lt;b&gt;"), ("@team", "&#64;team"), ("#1 | x", "\\#1 \\| x"), ("a\nb", "a b"),
      ("\u{1B}[31m", "\u{241B}\\[31m"), ("[x](y)", #"\[x\](y)"#),
    ])
  func markdown(_ text: String, _ expected: String) {
    #expect(Markdown.escaped(text) == expected)
  }

  @Test(
    "code keeps its backticks",
    arguments: [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("a``b`", "``` a``b` ```")]
  )
  func code(_ text: String, _ expected: String) {
    #expect(Markdown.code(text) == expected)
  }

  @Test("of words, what stands in backticks is code; an odd number of them is text")
  func words() {
    #expect(Markdown.words("flag `a*b` is *") == "flag `a*b` is \\*")
    #expect(Markdown.words("flag `a") == "flag \\`a")
  }

  @Test("reviewdog's columns count bytes, and a fix of several edits is one suggestion")
  func reviewdog() throws {
    let bytes = ReportFormat.rdjson.render(try Self.report())
    let document = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    let diagnostics = try #require(document["diagnostics"] as? [[String: Any]])
    let staging = Array(try #require(Self.files.last { $0.path.hasPrefix("environments/staging") }).text.utf8)
    let lines = staging.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var judged = 0
    for diagnostic in diagnostics {
      let location = try #require(diagnostic["location"] as? [String: Any])
      guard (location["path"] as? String)?.hasPrefix("flags/environments/staging") == true else { continue }
      let range = try #require(location["range"] as? [String: [String: Int]])
      let (start, end) = (try #require(range["start"]), try #require(range["end"]))
      let line = lines[try #require(start["line"]) - 1]
      let (first, behind) = (try #require(start["column"]), try #require(end["column"]))
      let place = line.dropFirst(first - 1).dropLast(line.count - behind + 1)
      let text = String(decoding: place, as: UTF8.self)
      #expect(["日本語", "\"日本語\"", "ada@acme.example"].contains(text), "\(text)")
      judged += 1
    }
    #expect(judged >= 2)
    #expect(diagnostics.contains { $0["suggestions"] != nil })
  }

  @Test("a command's properties cannot be left")
  func escapes() throws {
    var report = try Self.report()
    report.prefix = "a,b:c%\n/"
    let text = String(decoding: ReportFormat.github.render(report), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.hasPrefix("::") })
    #expect(text.contains("file=a%2Cb%3Ac%25%0A/environments/"))
  }

  @Test(
    "a column counts characters, and the mark stands below them",
    arguments: [
      ("name: x", 7, 8, 6, 1), ("日本: x", 5, 6, 6, 1), ("e\u{301}: x", 5, 6, 3, 1), ("\t: x", 4, 5, 6, 1),
      ("日本: x", 1, 3, 0, 4),
      ("x", 2, 2, 1, 1),
    ])
  func marks(_ line: String, _ start: Int, _ end: Int, _ indentation: Int, _ width: Int) throws {
    var report = try Self.report()
    let index = try #require(report.findings.indices.first)
    report.findings = [report.findings[index]]
    report.findings[0].range.start = .init(line: 1, column: UInt32(start))
    report.findings[0].range.end = .init(line: 1, column: UInt32(end))
    report.bytes = { _ in Array(line.utf8) }
    let lines = String(decoding: ReportFormat.text.render(report), as: UTF8.self).split(separator: "\n")
    let mark = try #require(lines.first { $0.hasPrefix("    | ") }).dropFirst(6)
    #expect(mark.prefix { $0 == " " }.count == indentation)
    #expect(mark.count { $0 == "^" } == width)
  }
}
