import FlagReview
import FlagSource
import Testing

@Suite("Needless movement")
struct NeedlessMovementTests {
  /// The definition of the base tree with three variants.
  private static let definition = (
    "definitions/new-cart.yaml",
    "description: The cart.\ntype: string\noff: a\nvariants: {a: a, b: b, c: c}\nowner: payments\nkind: operational\n"
  )

  private static let others = [
    definition, ("environments/staging/new-cart.yaml", "enabled: true\notherwise: a\n"), ("tests/new-cart.yaml", ""),
  ]

  private static func config(_ serve: String) -> (String, String) {
    ("environments/production/new-cart.yaml", "enabled: true\notherwise: \(serve)\n")
  }

  @Test(
    "the fix moves no more than it has to, and is no finding itself",
    arguments: [
      ("{split: {a: 10, b: 45, c: 45}}", "{split: {a: 20, b: 40, c: 40}}", 10_000),
      ("{split: {a: 33, b: 33, c: 34}}", "{split: {a: 40, b: 30, c: 30}}", 7_000),
      ("{split: {a: 30, b: 70}}", "{split: {b: 70, a: 30}}", 0),
      ("{split: {a: 50, b: 50}}", "{split: {a: 40, b: 60}, seed: another}", 10_000),
      ("{split: {a: 50, b: 50}, seed: first}", "{split: {a: 50, b: 50}, seed: another}", 0),
    ])
  func fixes(_ before: String, _ after: String, _ unavoidable: Int) throws {
    let base = Self.others + [Self.config(before)]
    let example = try ReviewedExample(before: base, change: [Self.config(after)])
    let finding = try #require(example.findings.first { $0.code == "W050" }, "\(example.lines)")
    let edit = try #require(finding.fix?.edits.first)
    let fixed = try ReviewedExample(before: base, change: [Self.config(edit.replacement)])
    #expect(!fixed.codes.contains("W050"), "\(fixed.lines)")
    let moved = fixed.plan.environments.last?.flags.first?.greatestMove?.buckets ?? 0
    #expect(moved == unavoidable, "\(edit.replacement)")
  }
}
