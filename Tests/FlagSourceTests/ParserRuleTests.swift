import FlagSource
import Testing

@Suite("Rules of the parser")
struct ParserRuleTests {
  static let rules = RuleRegistry.all.filter { $0.check == nil && isOfParser($0.code.description) }

  static func isOfParser(_ code: String) -> Bool {
    ("E001"..."E011").contains(code) || ("E020"..."E059").contains(code) || code == "W010"
  }

  @Test("are all registered")
  func count() { #expect(Self.rules.count == 46) }

  @Test("fire on the bad example and not on the good one", arguments: rules.map(\.code.description))
  func examples(code: String) throws {
    let rule = try #require(RuleRegistry.rule(code))
    let bad = try TreeReader.read(MemoryFiles(rule.badExample)).findings
    #expect(bad.contains { $0.code == rule.code }, "\(bad.map(\.message))")
    #expect(bad.allSatisfy { $0.code == rule.code }, "other findings: \(bad.map { "\($0.code) \($0.message)" })")
    for finding in bad { #expect(finding.level == rule.level) }
    let good = try TreeReader.read(MemoryFiles(rule.goodExample)).findings
    #expect(good.isEmpty, "\(good.map { "\($0.code) \($0.message)" })")
  }

  @Test("have words", arguments: rules.map(\.code.description))
  func words(code: String) throws {
    let rule = try #require(RuleRegistry.rule(code))
    let findings = try TreeReader.read(MemoryFiles(rule.badExample)).findings
    for finding in findings {
      #expect(!finding.message.isEmpty && !finding.help.isEmpty)
      #expect(!finding.message.hasSuffix(".") && !finding.help.hasSuffix("."))
    }
  }

  @Test("give the base tree of the examples no finding")
  func base() throws { #expect(try TreeReader.read(MemoryFiles(Rule.Example.base)).findings.isEmpty) }
}
