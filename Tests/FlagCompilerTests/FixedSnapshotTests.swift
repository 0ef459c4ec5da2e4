import FlagCompiler
import FlagSource
import Testing

@Suite("Snapshots of trees with fixes")
struct FixedSnapshotTests {
  private static let today = CalendarDate(text: "2026-06-01")

  private static func snapshots(_ validation: Validation) throws -> [String] {
    let tree = try #require(validation.checked)
    return try SnapshotCompiler.compileAll(tree).map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  /// The rules whose bad example compiles and has a safe fix.
  private static let fixable = RuleRegistry.all.filter { rule in
    guard let today, rule.level != .error else { return false }
    let fixing = try? Fixing.run(MemoryFiles(rule.badExample), today: today)
    return fixing?.applied.contains { $0.code == rule.code } ?? false
  }

  @Test("there are rules whose fixes are looked at")
  func found() {
    #expect(Set(Self.fixable.map(\.code)).isSuperset(of: ["W005", "W006", "W007", "W010"]))
  }

  @Test("a safe fix leaves the snapshots as they are, but for keys that no rule ever sees", arguments: fixable)
  func staySame(_ rule: Rule) throws {
    let today = try #require(Self.today)
    let files = MemoryFiles(rule.badExample)
    var before = try Self.snapshots(Validation.run(files, today: today))
    let after = try Self.snapshots(Fixing.run(files, today: today).validation)
    if rule.code == "W005" {
      // Its fix takes out of a rule what `targets` decides before.
      before = before.map { $0.replacing(#""values":["user-1","user-2"]"#, with: #""values":["user-2"]"#) }
    }
    #expect(after == before)
  }
}
