import FlagSource
import Testing
import YAML

extension Validation {
  /// A tree in memory, checked on a day on which nothing in the examples has expired that should not have.
  static func of(_ example: Rule.Example) throws -> Validation { try of(Rule.Example.base + example.files) }

  static func of(_ files: [(path: String, text: String)]) throws -> Validation {
    try Validation.run(MemoryFiles(files), today: try #require(CalendarDate(text: "2026-06-01")))
  }

  /// `file:line:column code message`, to compare and to read.
  var lines: [String] {
    findings.map { finding in
      let place = finding.range.start
      return "\(files.path(of: finding.file)):\(place.line):\(place.column) \(finding.code) \(finding.message)"
    }
  }
}

extension Rule: CustomTestStringConvertible {
  /// The code and the name, as test reports show it.
  public var testDescription: String { "\(code) \(name)" }
}

@Suite("Rules")
struct RuleTests {
  @Test("the registry has the rules it should have")
  func counts() {
    #expect(RuleRegistry.all.count > 80)
  }

  @Test("the tree below every example is clean")
  func baseIsClean() throws {
    let validation = try Validation.of(Rule.Example.base)
    #expect(validation.lines == [])
    #expect(validation.checked != nil)
  }

  @Test("codes are unique and ascend")
  func codesAscend() {
    let codes = RuleRegistry.all.map(\.code)
    #expect(codes == codes.sorted())
    #expect(Set(codes).count == codes.count)
    #expect(Set(RuleRegistry.all.map(\.name)).count == codes.count)
  }

  @Test("a code's letter is the rule's level", arguments: RuleRegistry.all)
  func letters(_ rule: Rule) {
    let letter =
      switch rule.level {
      case .error: "E"
      case .warning: "W"
      case .information: "I"
      }
    #expect(rule.code.description.wholeMatch(of: /[EWI][0-9]{3}/) != nil)
    #expect(rule.code.description.hasPrefix(letter))
  }

  @Test("names say what is wrong, not what to do", arguments: RuleRegistry.all)
  func names(_ rule: Rule) {
    #expect(rule.name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil)
    let remedies = [
      "no", "dont", "do", "avoid", "disallow", "use", "prefer", "require", "must", "add", "remove", "check",
    ]
    #expect(!remedies.contains(String(rule.name.prefix { $0 != "-" })), "a name has to read well after `allow`")
  }

  @Test("texts end as they should", arguments: RuleRegistry.all)
  func texts(_ rule: Rule) {
    #expect(rule.summary.hasSuffix("."))
    #expect(!rule.summary.dropLast().contains(". "), "the summary is one sentence")
    #expect(rule.explanation.hasSuffix("."))
    #expect(!rule.explanation.contains("\n"), "the explanation is one paragraph")
    #expect(!rule.explanation.contains("  "))
    #expect(rule.explanation.count > 60)
  }

  @Test("the bad example triggers the rule, and no other error", arguments: RuleRegistry.rules(of: .validation))
  func badExample(_ rule: Rule) throws {
    let validation = try Validation.of(rule.badExample)
    let own = validation.findings.filter { $0.code == rule.code }
    #expect(!own.isEmpty, "\(validation.lines)")
    #expect(own.allSatisfy { $0.level == rule.level })
    #expect(validation.findings.allSatisfy { $0.level != .error || $0.code == rule.code }, "\(validation.lines)")
    for finding in validation.findings {
      #expect(!finding.message.hasSuffix("."), "\(finding.message)")
      #expect(!finding.help.isEmpty)
      #expect(!finding.help.hasSuffix("."), "\(finding.help)")
      #expect(!finding.message.contains("\n"))
    }
  }

  @Test("the good example has no finding of the rule, and no error", arguments: RuleRegistry.all)
  func goodExample(_ rule: Rule) throws {
    let validation = try Validation.of(rule.goodExample)
    #expect(validation.findings.allSatisfy { $0.level != .error && $0.code != rule.code }, "\(validation.lines)")
    #expect(validation.checked != nil)
  }

  @Test("is found by code and by name", arguments: RuleRegistry.all)
  func lookUp(_ rule: Rule) {
    #expect(RuleRegistry.rule(rule.code.description)?.code == rule.code)
    #expect(RuleRegistry.rule(rule.name)?.code == rule.code)
  }
}
