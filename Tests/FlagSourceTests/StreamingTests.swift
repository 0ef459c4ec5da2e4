import Foundation
import SeededRandom
import Testing

@testable import FlagSource

/// Checking files as they are read finds what checking the whole tree finds, whatever is kept.
@Suite("Trees checked while they are read")
struct StreamingTests {
  @Test("the examples of every rule", arguments: RuleRegistry.all)
  func examples(_ rule: Rule) throws {
    for example in [rule.badExample, rule.goodExample].compactMap(\.self) {
      try Self.expectSame(MemoryFiles(Rule.Example.base + example.files))
    }
  }

  @Test("the corpus of fuzzing", arguments: TreeCorpusTests.inputs)
  func corpus(_ input: String) throws {
    let bytes = try Array(Data(contentsOf: TreeCorpusTests.folder.appending(path: input)))
    let base = Rule.Example.base.map { (path: Array($0.path.utf8), bytes: Array($0.text.utf8)) }
    try Self.expectSame(MemoryFiles(bytes: base + TreeCorpusTests.split(bytes)))
    try Self.expectSame(MemoryFiles(bytes: TreeCorpusTests.split(bytes)))
  }

  @Test("large trees with mistakes here and there, read by several threads", arguments: UInt64(0)..<12)
  func large(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    // A third of the trees have none.
    let mistakes = seed % 3 == 0 ? 0 : Int.random(in: 1...6, using: &random)
    var files = Self.tree(flags: 200, &random)
    for _ in 0..<mistakes {
      let index = Int.random(in: 1..<files.count, using: &random)
      files[index].text = Self.mistaken(files[index].text, &random)
    }
    try Self.expectSame(MemoryFiles(files), mistakes == 0)
  }

  @Test("without a manifest, and with one that cannot be read")
  func manifests() throws {
    var random = SplitMix64(seed: 0)
    var files = Self.tree(flags: 40, &random)
    files[5].text = "off: [\n"
    for manifest in ["format: 2\n", "format: 1\nproject: [\n", "format: 1\nproject: shop\n", ""] {
      files[0].text = manifest
      try Self.expectSame(MemoryFiles(files), false)
    }
    try Self.expectSame(MemoryFiles(Array(files.dropFirst())), false)
  }

  /// Expects the same findings of a tree that is checked as a whole, of one that is checked while it is read and kept, and
  /// of one that is not kept.
  private static func expectSame(_ files: MemoryFiles, _ isValid: Bool? = nil) throws {
    let today = try #require(CalendarDate(text: "2026-06-01"))
    let whole = Validation(of: try TreeReader.read(files), today: today)
    let kept = try Validation.run(files, today: today)
    let (streamed, digested) = try Validation.run(files, today: today) { NoDigest() }
    for validation in [kept, streamed] {
      #expect(validation.lines == whole.lines)
      #expect(validation.findings.map(\.help) == whole.findings.map(\.help))
      #expect(validation.findings.map(\.notes.count) == whole.findings.map(\.notes.count))
      #expect(validation.hasErrors == whole.hasErrors)
    }
    #expect((kept.checked == nil) == (whole.checked == nil))
    #expect((digested == nil) == whole.hasErrors)
    #expect(kept.tree?.configs.map(\.file) == whole.tree?.configs.map(\.file))
    #expect(kept.tree?.tests.map(\.file) == whole.tree?.tests.map(\.file))
    #expect(kept.tree?.broken.configs == whole.tree?.broken.configs)
    for config in kept.tree?.configs ?? [] {
      #expect(kept.tree?.config(of: config.flag, in: config.environment) != nil)
      #expect(digested?.configIndex.position(of: config.flag, in: config.environment) != nil || digested == nil)
    }
    if let isValid { #expect(whole.hasErrors != isValid) }
  }

  /// A valid tree of many flags, some of which require others.
  private static func tree(flags: Int, _ random: inout SplitMix64) -> [(path: String, text: String)] {
    var files = [
      (
        path: "ensign.yaml",
        text: """
        format: 1
        project: shop
        environments: [staging, production]
        attributes: {country: {type: string, values: [DE, FR]}}
        owners: {payments: {}}

        """
      ),
      (path: "segments/staff.yaml", text: "include: [user-1]\n"),
    ]
    for flag in 0..<flags {
      files.append(("definitions/flag-\(flag).yaml", "type: boolean\noff: off\nowner: payments\nkind: operational\n"))
      for environment in ["staging", "production"] where Bool.random(using: &random) || environment == "staging" {
        let other = Int.random(in: 0..<flags, using: &random)
        // Only ones with lower numbers, so that there is no circle.
        let requires = other < flag ? "requires: {flag-\(other): on}\n" : ""
        let condition = Bool.random(using: &random) ? "segment: staff" : "country: DE"
        let text =
          "enabled: true\n\(requires)rules: [{name: own, when: {\(condition)}, serve: on}]\notherwise: off\n"
        files.append(("environments/\(environment)/flag-\(flag).yaml", text))
      }
      let test = "- {flag: flag-\(flag), environment: staging, given: {targetingKey: user-1}, expect: off}\n"
      files.append(("tests/flag-\(flag).yaml", test))
    }
    return files
  }

  /// The text with one mistake in it.
  private static func mistaken(_ text: String, _ random: inout SplitMix64) -> String {
    let words = [
      ("on", "onn"), ("off", "of"), ("staff", "stuff"), ("DE", "DK"), ("flag", "flug"), ("enabled", "enabeld"),
      (": ", ":"), ("type: boolean", "type: bolean"), ("\n", "\n  - x\n"), ("staging", "stagin"),
    ]
    let (word, wrong) = words[Int.random(in: 0..<words.count, using: &random)]
    return text.contains(word) ? text.replacing(word, with: wrong, maxReplacements: 1) : text + "more: 1\n"
  }
}
