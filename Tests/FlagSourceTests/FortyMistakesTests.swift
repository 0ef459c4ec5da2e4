import FlagSource
import Testing
import YAML

/// Forty files, each with one mistake of its own kind: one run names each at its line and column.
@Suite("Forty mistakes")
struct FortyMistakesTests {
  /// A file with a mistake; `«` and `»` stand around the place at which it must be reported.
  struct Mistake: Sendable {
    let code: RuleCode
    let path: String
    let marked: String

    init(_ code: RuleCode, _ path: String, _ marked: String) {
      self.code = code
      self.path = path
      self.marked = marked
    }

    /// The text without the marks.
    var text: String { marked.replacing("«", with: "").replacing("»", with: "") }

    /// Where the finding must begin and end.
    var range: SourceRange {
      func position(_ mark: Character) -> SourcePosition {
        let before = marked.prefix { $0 != mark }.replacing("«", with: "")
        let line = before.unicodeScalars.count { $0 == "\n" } + 1
        let column = before.unicodeScalars.reversed().prefix { $0 != "\n" }.count + 1
        return SourcePosition(line: UInt32(line), column: UInt32(column))
      }
      return SourceRange(start: position("«"), end: position("»"))
    }
  }

  /// Boolean flags for the configs below.
  static let flags = (1...40).map { "flag-\($0)" }

  static let mistakes: [Mistake] = [
    Mistake("E002", "definitions/a01.yaml", "description: a bell «\u{7}»\ntype: boolean\noff: off\n"),
    Mistake("E003", "definitions/a02.yaml", "type: boolean\noff: \"off\n«»"),
    Mistake("E004", "definitions/a03.yaml", "«»# nothing\n"),
    Mistake("E006", "definitions/a04.yaml", "type: boolean\noff: off\n«off»: on\n"),
    Mistake("E007", "definitions/a05.yaml", "type: boolean\noff: «&anchor» off\n"),
    Mistake("E021", "definitions/a06.yaml", "type: boolean\noff: off\n«ovner»: payments\n"),
    Mistake("E022", "definitions/a07.yaml", "«type»: boolean\n"),
    Mistake("E023", "definitions/a08.yaml", "type: boolean\noff: «[off]»\n"),
    Mistake("E025", "definitions/a09.yaml", "type: boolean\noff: off\nkind: «relase»\n"),
    Mistake("E043", "definitions/a10.yaml", "type: integer\nvariants: {few: 1, many: «lots»}\noff: few\n"),
    Mistake("E012", "definitions/a11.yaml", "type: boolean\noff: «of»\n"),
    Mistake("E016", "definitions/a12.yaml", "type: boolean\noff: off\nowner: «payment»\n"),
    Mistake("E018", "environments/staging/a13.yaml", "«»enabled: true\notherwise: on\n"),
    Mistake("E012", "environments/staging/flag-1.yaml", "enabled: true\notherwise: «onn»\n"),
    Mistake("E013", "environments/staging/flag-2.yaml", "enabled: true\nrequires: {«flag-0»: on}\notherwise: on\n"),
    Mistake(
      "E014", "environments/staging/flag-3.yaml",
      "enabled: true\nrules:\n  - {name: a, when: {segment: «staf»}, serve: on}\notherwise: off\n"),
    Mistake(
      "E015", "environments/staging/flag-4.yaml",
      "enabled: true\nrules:\n  - name: a\n    when:\n      «contry»: DE\n    serve: on\notherwise: off\n"),
    Mistake(
      "E019", "environments/staging/flag-5.yaml",
      "enabled: true\nrules:\n  - name: a\n    when:\n      country: [DE, «UK»]\n    serve: on\notherwise: off\n"),
    Mistake(
      "E026", "environments/staging/flag-6.yaml",
      "enabled: true\nrules:\n  - name: a\n    when: {email: {«endWith»: x}}\n    serve: on\notherwise: off\n"),
    Mistake(
      "E027", "environments/staging/flag-7.yaml",
      "enabled: true\nrules:\n  - name: a\n    when: {age: {«contains»: x}}\n    serve: on\notherwise: off\n"),
    Mistake(
      "E030", "environments/staging/flag-8.yaml",
      "enabled: true\notherwise: {split: {on: «120», off: 0}}\n"),
    Mistake(
      "E031", "environments/staging/flag-9.yaml",
      "enabled: true\notherwise:\n  split: «{on: 25, off: 70}»\n"),
    Mistake(
      "E036", "environments/staging/flag-10.yaml",
      "enabled: {from: «2026-13-01T00:00:00Z»}\notherwise: off\n"),
    Mistake(
      "E037", "environments/staging/flag-11.yaml",
      "enabled: true\nrules:\n  - name: a\n    when: {appVersion: {atLeast: «2.1»}}\n    serve: on\notherwise: off\n"),
    Mistake(
      "E038", "environments/staging/flag-12.yaml",
      "enabled: true\nrules:\n  - name: a\n    when: {ip: {within: «10.0.0.0/33»}}\n    serve: on\notherwise: off\n"),
    Mistake(
      "E039", "environments/staging/flag-13.yaml",
      "enabled: true\nrules:\n  - name: a\n    when: {email: {matches: «\"(a\"»}}\n    serve: on\notherwise: off\n"),
    Mistake(
      "E034", "environments/staging/flag-14.yaml",
      "enabled: true\notherwise: {split: {on: 50, off: 50}, «ramp»: on, from: off}\n"),
    Mistake(
      "E029", "environments/staging/flag-15.yaml",
      "enabled: true\nrules:\n  - name: a\n    when: {plan: «1»}\n    serve: on\notherwise: off\n"),
    Mistake(
      "E065", "environments/staging/flag-16.yaml",
      "enabled: true\nrules:\n  - {name: a, share: 10, serve: on}\n  - {name: «a», share: 20, serve: on}\notherwise: off\n"
    ),
    Mistake(
      "E066", "environments/staging/flag-17.yaml",
      "enabled: true\ntargets:\n  on: [日本, user-1]\n  off: [中国, «user-1»]\notherwise: off\n"),
    Mistake(
      "E067", "environments/staging/flag-18.yaml",
      "enabled: true\notherwise: {split: {on: 50, off: 50}, by: «groups»}\n"),
    Mistake("E064", "environments/staging/flag-19.yaml", "enabled: true\nrequires: {«flag-19»: on}\notherwise: on\n"),
    Mistake("E062", "environments/staging/gone.yaml", "«»enabled: true\notherwise: on\n"),
    Mistake("E060", "environments/staging/twice/flag-20.yaml", "«»enabled: true\notherwise: on\n"),
    Mistake("E042", "environments/stagin/flag-21.yaml", "«»enabled: true\notherwise: on\n"),
    Mistake("E063", "segments/circle.yaml", "description: A circle.\nwhen: {not: {segment: «circle»}}\n"),
    Mistake("E061", "segments/team.yaml", "«»description: The team.\ninclude: [user-1]\n"),
    Mistake("E017", "tests/a36.yaml", "- flag: flag-1\n  environment: «stagging»\n  expect: on\n"),
    Mistake("E013", "tests/a37.yaml", "- flag: «flag-99»\n  environment: staging\n  expect: on\n"),
    Mistake("E068", "tests/a38.yaml", "- flag: flag-20\n  environment: staging\n  expect: on\n  because: «nobody»\n"),
    Mistake("E049", "tests/a39.yaml", "- «flag»: flag-20\n  environment: staging\n"),
    Mistake("E010", "misc/notes.yaml", "«»note: this\n"),
  ]

  static var files: [(path: String, text: String)] {
    let definitions = flags.map {
      ("definitions/\($0).yaml", "description: One.\ntype: boolean\noff: off\nowner: payments\n")
    }
    let others = [
      ("definitions/gone.yaml", "description: Gone.\ntype: boolean\noff: off\nowner: payments\narchived: true\n"),
      ("segments/Team.yaml", "description: The Team.\ninclude: [user-1]\n"),
      ("environments/staging/flag-20.yaml", "enabled: true\notherwise: on\n"),
    ]
    return Rule.Example.base + definitions + others + mistakes.map { ($0.path, $0.text) }
  }

  @Test("there are forty files with a mistake, of many kinds")
  func count() {
    #expect(Set(Self.mistakes.map(\.path)).count >= 40)
    #expect(Set(Self.mistakes.map(\.code)).count >= 35)
  }

  @Test("each is named at its line and column, and nothing else is an error")
  func places() throws {
    let validation = try Validation.of(Self.files)
    #expect(validation.checked == nil)
    let errors = validation.findings.filter { $0.level == .error }
    let found = errors.map { Found(path: validation.files.path(of: $0.file), code: $0.code, range: $0.range) }
    let expected = Self.mistakes.map { Found(path: $0.path, code: $0.code, range: $0.range) }
    #expect(Set(expected).subtracting(found).map(\.description).sorted() == [], "missing")
    #expect(Set(found).subtracting(expected).map(\.description).sorted() == [], "not expected")
    #expect(found.count == expected.count)
  }

  @Test("the order is the same in every run")
  func order() throws {
    let first = try Validation.of(Self.files)
    #expect(first.findings.map(\.file) == first.findings.map(\.file).sorted())
    for _ in 0..<20 {
      #expect(try Validation.of(Self.files.shuffled()).lines == first.lines)
    }
  }

  struct Found: Hashable, CustomStringConvertible {
    let path: String
    let code: RuleCode
    let range: SourceRange

    var description: String {
      "\(path):\(range.start.line):\(range.start.column)-\(range.end.line):\(range.end.column) \(code)"
    }
  }
}
