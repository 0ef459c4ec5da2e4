import FlagSource
import Foundation
import Testing

@Suite("The manual of the rules")
struct RuleManualTests {
  private static let catalogue = Golden.package.appending(path: "Sources/Ensign/Ensign.docc")
  private static let hint = "Regenerate the pages: ENSIGN_RECORD=1 swift test --filter RuleManualTests"

  @Test("the pages in the catalogue are made from the rules")
  func pagesAreFresh() throws {
    let pages = RuleManual.pages
    #expect(pages.count == RuleRegistry.all.count + 1)
    for (path, text) in pages {
      try Golden.expect(text, equals: Self.catalogue.appending(path: path), hint: Self.hint)
    }
  }

  @Test("the catalogue has no page of a rule that is gone")
  func noPagesLeft() throws {
    let known = Set(RuleManual.pages.map(\.path))
    let folder = Self.catalogue.appending(path: "Rules")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    for name in names where !known.contains("Rules/\(name)") {
      if Golden.isRecording { try FileManager.default.removeItem(at: folder.appending(path: name)) }
      Issue.record("Rules/\(name) belongs to no rule. \(Self.hint)")
    }
  }

  @Test("a page shows the rule's own words", arguments: RuleRegistry.all)
  func page(_ rule: Rule) {
    let page = RuleManual.markdown(of: rule)
    #expect(page.hasPrefix("# \(rule.code) \(rule.name)\n\n\(rule.summary)\n"))
    #expect(page.contains(rule.explanation))
    #expect(page.hasSuffix("\n") && !page.hasSuffix("\n\n"))
    #expect(page.count { $0 == "\n" } < 120)
  }
}
