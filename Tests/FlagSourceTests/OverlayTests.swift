import Testing

@testable import FlagSource

@Suite("Trees read again")
struct OverlayTests {
  /// What people see of a validation.
  private static func text(_ validation: Validation) -> String {
    String(decoding: ReportFormat.text.render(Report(validation, prefix: "", isColored: false)), as: UTF8.self)
  }

  @Test("are what reading all gives, whatever was changed in which file", arguments: RuleRegistry.all)
  func rules(_ rule: FlagSource.Rule) throws {
    let today = try #require(CalendarDate(text: "2026-06-01"))
    let base = MemoryFiles(rule.goodExample)
    let reading = try TreeReader.read(base)
    for example in [rule.badExample, rule.goodExample] {
      var overlay = OverlaidFiles(over: base)
      for (path, text) in example.files where !path.hasSuffix("/") && !path.hasSuffix("|") && !path.contains(" -> ") {
        if text.isEmpty {
          overlay.remove(Array(path.utf8))
        } else {
          overlay.replace(Array(path.utf8), by: Array(text.utf8))
        }
      }
      let all = try Validation.run(overlay, today: today)
      let again = Validation(of: try TreeReader.read(overlay, after: reading), today: today)
      #expect(Self.text(again) == Self.text(all))
      #expect(again.files.paths == all.files.paths)
      #expect(again.tree?.configs.map(\.file) == all.tree?.configs.map(\.file))
    }
  }
}
