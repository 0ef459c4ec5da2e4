import FlagSource
import SeededRandom
import Testing
import YAML

@Suite("Fixes")
struct FixingTests {
  static let today = CalendarDate(text: "2026-06-01")

  static func fix(_ files: [(path: String, text: String)]) throws -> Fixing {
    try Fixing.run(MemoryFiles(files), today: try #require(today))
  }

  /// The files of a tree after fixing.
  static func after(_ fixing: Fixing, _ files: [(path: String, text: String)]) -> [(path: String, text: String)] {
    files + fixing.changes.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) }
  }

  /// The config of the base tree's flag in production, with this condition for its rule.
  static func config(when condition: String) -> [(path: String, text: String)] {
    let text = "enabled: true\nrules:\n  - name: some\n    when: \(condition)\n    serve: on\notherwise: off\n"
    return Rule.Example.base + [("environments/production/new-cart.yaml", text)]
  }

  static let fixable = RuleRegistry.all.filter { rule in
    guard let validation = try? Validation.of(rule.badExample) else { return false }
    return validation.findings.contains { $0.code == rule.code && $0.fix?.applicability == .safe }
  }

  @Test("there are rules with safe fixes")
  func found() {
    #expect(Set(Self.fixable.map(\.code)).isSuperset(of: ["W005", "W006", "W007", "W010"]))
  }

  @Test("a safe fix removes its finding and adds none", arguments: fixable)
  func removesFinding(_ rule: Rule) throws {
    let before = try Validation.of(rule.badExample)
    let files = Rule.Example.base + rule.badExample.files
    let fixing = try Self.fix(files)
    #expect(fixing.applied.contains { $0.code == rule.code })
    #expect(!fixing.validation.findings.contains { $0.code == rule.code })
    #expect(fixing.validation.findings.count == before.findings.count - fixing.applied.count)
    #expect(fixing.notes.isEmpty)
    #expect(try Validation.of(Self.after(fixing, files)).lines == fixing.validation.lines)
    #expect(try Self.fix(Self.after(fixing, files)).changes.isEmpty)
  }

  @Test(
    "an entry of a list goes with its comma or its line",
    arguments: [
      ("{country: [DE, DE]}", "{country: [DE]}"),
      ("{country: [DE, FR, DE]}", "{country: [DE, FR]}"),
      ("{country: [DE, DE, FR]}", "{country: [DE, FR]}"),
      ("{country: [DE, DE, DE, DE]}", "{country: [DE]}"),
      ("{country: [DE ,  \"DE\" , FR]}", "{country: [DE  , FR]}"),
      ("\n      country:\n        - DE\n        - FR\n        - DE", "\n      country:\n        - DE\n        - FR"),
      (
        "\n      country:\n        - DE\n        - DE   # again\n        - FR",
        "\n      country:\n        - DE\n        - FR"
      ),
      ("\n      country: [DE,\n        DE,\n        FR]", "\n      country: [DE,\n        FR]"),
      ("{any: [{country: DE}, {country: DE}]}", "{any: [{country: DE}]}"),
      (
        "\n      any:\n        - country: DE\n          plan: pro\n        - segment: staff\n        - plan: pro\n          country: DE",
        "\n      any:\n        - country: DE\n          plan: pro\n        - segment: staff"
      ),
    ])
  func entries(_ before: String, _ after: String) throws {
    let fixing = try Self.fix(Self.config(when: before))
    let change = try #require(fixing.changes.first)
    let expected = try #require(Self.config(when: after).last)
    #expect(String(decoding: change.bytes, as: UTF8.self) == expected.text)
    #expect(fixing.validation.checked != nil)
  }

  @Test(
    "no fix is offered where the text does not say what has to go",
    arguments: [
      "{country: [DE, # the comma, is in a comment\n        DE]}",
      "{country: [DE\n        # one,\n        ,DE # two,\n        ]}",
    ])
  func unclear(_ condition: String) throws {
    let validation = try Validation.of(Self.config(when: condition))
    let findings = validation.findings.filter { $0.code == "W007" }
    #expect(findings.count == 1, "\(validation.lines)")
    for finding in findings { #expect(finding.fix == nil || isHarmless(finding, condition)) }
  }

  /// Whether the fix leaves a tree without an error.
  private func isHarmless(_ finding: Finding, _ condition: String) -> Bool {
    guard let fixing = try? Self.fix(Self.config(when: condition)) else { return false }
    return fixing.validation.checked != nil && !fixing.changes.isEmpty
  }

  @Test("columns are characters, and line ends and the byte order mark stay", arguments: ["\n", "\r\n"])
  func bytes(_ newline: String) throws {
    let lines = ["enabled: true", "targets: {on: [\"日本👍\", user-2, \"日本👍\"]}  # é", "otherwise: on", ""]
    let text = "\u{FEFF}" + lines.joined(separator: newline)
    let fixing = try Self.fix(Rule.Example.base + [("environments/staging/new-cart.yaml", text)])
    let change = try #require(fixing.changes.first)
    let expected = text.replacing("user-2, \"日本👍\"", with: "user-2")
    #expect(change.bytes == Array(expected.utf8))
    #expect(fixing.changes.count == 1)
  }

  @Test("fixes that overlap take another pass")
  func overlapping() throws {
    let text = """
      enabled: true
      targets: {on: [user-1, user-2]}
      rules:
        - name: testers
          when: {targetingKey: [user-1, user-2, user-1, user-3]}
          serve: off
      otherwise: off

      """
    let fixing = try Self.fix(Rule.Example.base + [("environments/production/new-cart.yaml", text)])
    let change = try #require(fixing.changes.first)
    #expect(String(decoding: change.bytes, as: UTF8.self).contains("targetingKey: [user-3]}"))
    #expect(!fixing.validation.findings.contains { $0.fix?.applicability == .safe })
  }

  @Test("a guess is never applied")
  func guesses() throws {
    let files = Rule.Example.base + [("environments/staging/new-cart.yaml", "enabled: true\notherwise: onn\n")]
    let fixing = try Self.fix(files)
    #expect(fixing.validation.findings.contains { $0.fix?.applicability == .unsafe })
    #expect(fixing.changes.isEmpty)
  }

  @Test("any tree of repeated entries is fixed in one run, to the same meaning", arguments: UInt64(0)..<100)
  func random(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let countries = ["DE", "FR", "GB", "US", "\"DE\"", "'FR'"]
    let entries = (0..<Int.random(in: 1...8, using: &random)).map { _ in countries.randomElement(using: &random) ?? "DE"
    }
    let condition =
      Bool.random(using: &random)
      ? "{country: ["
        + entries.joined(separator: [", ", ",", " , ", ",\n        "].randomElement(using: &random) ?? ",") + "]}"
      : "\n      country:\n" + entries.map { "        - \($0)" }.joined(separator: "\n")
    let files = Self.config(when: condition)
    let fixing = try Self.fix(files)
    let tree = try #require(fixing.validation.checked?.tree)
    #expect(!fixing.validation.findings.contains { $0.code == "W007" }, "\(condition)")
    let config = try #require(tree.config(of: "new-cart", in: "production"))
    guard case .attribute(let test) = config.rules[0].when?.value else {
      Issue.record("no test is left")
      return
    }
    let kept = test.tests[0].operands.map(\.value)
    let unquoted = Set(entries.map { $0.filter { $0.isLetter } })
    #expect(Set(kept) == Set(unquoted.map { .string($0) }))
    #expect(kept.count == unquoted.count)
  }
}
