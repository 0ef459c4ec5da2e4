import FlagSource
import Foundation
import Testing

@Suite("The example tree")
struct ExampleTreeTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "flags").path

  @Test("is read without a finding")
  func isClean() throws {
    let reading = try TreeReader.read(WorkingTreeFiles(root: Self.root))
    #expect(reading.findings.map { "\(reading.files.path(of: $0.file)) \($0)" } == [])
    let tree = try #require(reading.tree)
    #expect(tree.definitions.count > 10)
    #expect(tree.configs.count > 2 * tree.definitions.count)
    #expect(tree.tests.count > 50)
    #expect(tree.segments.contains { $0.includeFrom?.keys.count ?? 0 > 0 })
  }

  @Test("is valid, without a finding")
  func isValid() throws {
    let today = try #require(CalendarDate(text: "2026-11-21"))
    let validation = try Validation.run(WorkingTreeFiles(root: Self.root), today: today)
    #expect(validation.lines == [])
    #expect(validation.checked != nil)
  }
}
