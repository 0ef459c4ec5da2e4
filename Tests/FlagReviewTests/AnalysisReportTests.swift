import FlagCompiler
import FlagSource
import Foundation
import Testing
import YAML

@testable import FlagReview

@Suite("Findings of the analysis")
struct AnalysisReportTests {
  /// A tree that validates, analysed, and its findings as a report shows them.
  private struct Analyzed {
    let validation: Validation
    let report: AnalysisReport

    init(_ files: [(path: String, text: String)], flags: Set<String>? = nil, unchangedDays: Int? = 60) throws {
      try self.init(MemoryFiles(files), flags: flags, unchangedDays: unchangedDays)
    }

    init(_ files: some FlagFiles, flags: Set<String>? = nil, unchangedDays: Int? = 60) throws {
      validation = try Validation.run(files, today: try #require(CalendarDate(text: "2026-06-01")))
      let checked = try #require(validation.checked)
      report = AnalysisReport(
        of: checked.tree, compiledTo: try SnapshotCompiler.compileAll(checked), flags: flags,
        unchangedDays: { _, _ in unchangedDays })
      #expect(report.disagreements.isEmpty)
    }

    var findings: [Finding] { validation.findings(report.findings, of: .analysis, isWhole: true) }

    /// `path:line:column code message`.
    var lines: [String] {
      findings.map { finding in
        let place = finding.range.start
        let path = validation.files.path(of: finding.file)
        return "\(path):\(place.line):\(place.column) \(finding.code) \(finding.message)"
      }
    }
  }

  /// The base tree with rules for its flag in production.
  private static func files(_ rules: String) -> [(path: String, text: String)] {
    let text = "enabled: true\nrules:\n\(rules)\notherwise: off\n"
    return Rule.Example.base + [("environments/production/new-cart.yaml", text)]
  }

  @Test("has rules to find")
  func rules() {
    #expect(RuleRegistry.rules(of: .analysis).map(\.code) == ["W030", "W031", "W032", "W033"])
  }

  @Test("the bad example triggers the rule, the good one does not", arguments: RuleRegistry.rules(of: .analysis))
  func examples(_ rule: Rule) throws {
    // Flags in examples are constant for other reasons than being old.
    let days = rule.code == "W033" ? AnalysisFindings.constantDays : nil
    let bad = try Analyzed(Rule.Example.base + rule.badExample.files, unchangedDays: days)
    #expect(Set(bad.findings.map(\.code)) == [rule.code], "\(bad.lines)")
    for finding in bad.findings {
      #expect(finding.level == rule.level)
      #expect(!finding.message.hasSuffix(".") && !finding.help.hasSuffix(".") && !finding.help.isEmpty)
    }
    let good = try Analyzed(Rule.Example.base + rule.goodExample.files, unchangedDays: days)
    #expect(!good.findings.contains { $0.code == rule.code }, "\(good.lines)")
  }

  @Test("point at the rule or the condition, and name what decides instead")
  func places() throws {
    let found = try Analyzed(
      Self.files(
        """
          - name: never
            when: {country: DE, not: {country: [DE, FR]}}
            serve: on
          - name: europe
            when: {country: [DE, FR]}
            serve: on
          - name: germany
            when: {country: DE}
            share: 50
            serve: off
          - name: britain
            when: {country: GB}
            serve: off
          - name: adults
            when: {all: [{age: {atLeast: 18}}, {age: {atLeast: 12}}]}
            serve: on
        """))
    let path = "environments/production/new-cart.yaml"
    #expect(
      found.lines == [
        "\(path):3:11 W030 rule `never` decides for nobody: its condition never holds",
        "\(path):9:11 W030 rule `germany` decides for nobody: `europe` decides before it for everyone it is about",
        "\(path):17:41 W032 this condition of rule `adults` changes nothing: whoever else the rule would decide for "
          + "gets the same",
      ], "\(found.lines)")
    #expect(found.findings[1].notes.map(\.range.start.line) == [6])
    #expect(found.findings[1].fix?.applicability == .safe)
  }

  @Test("a rule that waits at 0 %, and one of a flag that is off, are no mistakes; mistakes in them are")
  func waiting() throws {
    let parked = try Analyzed(Self.files("  - name: later\n    share: 0\n    serve: on"), unchangedDays: nil)
    #expect(parked.lines.isEmpty, "\(parked.lines)")
    var files = Self.files("  - name: germany\n    when: {country: DE}\n    serve: on")
    files[files.count - 1].text = files[files.count - 1].text.replacingOccurrences(
      of: "enabled: true", with: "enabled: false")
    #expect(try Analyzed(files, unchangedDays: nil).lines.isEmpty)
    files[files.count - 1].text = files[files.count - 1].text
      .replacingOccurrences(of: "{country: DE}", with: "{country: DE, age: {atLeast: 9, lessThan: 5}}")
    #expect(try Analyzed(files, unchangedDays: nil).findings.map(\.code) == ["W030"])
  }

  @Test("can be taken back, and a comment of no use is found")
  func suppression() throws {
    let rules = """
        - name: europe
          when: {country: [DE, FR]}
          serve: on
        - name: germany  # ensign: allow W030 kept for the audit
          when: {country: DE}
          serve: off
        - name: britain  # ensign: allow W031 not needed
          when: {country: GB}
          serve: on
      """
    let found = try Analyzed(Self.files(rules))
    #expect(found.findings.map(\.code) == ["W011"], "\(found.lines)")
    #expect(!found.validation.findings.contains { $0.code == "W011" }, "validate never looks for it")
    let partly = found.validation.findings(found.report.findings, of: .analysis, isWhole: false)
    #expect(partly.isEmpty)
  }

  @Test("of some flags only, with what they need")
  func chosen() throws {
    var files = Self.files("  - name: never\n    when: {not: {country: DE}, country: DE}\n    serve: on")
    files.append(
      ("definitions/other.yaml", "description: o\ntype: boolean\noff: off\nowner: payments\nkind: operational\n"))
    files.append(
      (
        "environments/production/other.yaml",
        "enabled: true\nrequires: {new-cart: on}\nrules:\n  - name: staff\n    when: {segment: staff}\n    serve: on\n"
          + "otherwise: off\n"
      ))
    #expect(try Analyzed(files, flags: ["other"]).findings.isEmpty)
    #expect(try Analyzed(files, flags: ["new-cart"]).findings.map(\.code) == ["W033", "W030"])
    #expect(try Analyzed(files, flags: []).report.ruleCount == 0)
  }

  @Test("the shop's flags have none")
  func shop() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "flags").path(percentEncoded: false)
    let found = try Analyzed(
      WorkingTreeFiles(root: String(folder.dropLast(folder.hasSuffix("/") ? 1 : 0))), unchangedDays: 1)
    #expect(found.lines.isEmpty, "\(found.lines)")
    #expect(found.report.undecided.isEmpty)
    #expect(found.report.ruleCount > 10)
  }
}
