import FlagSource
import Glibc
import SeededRandom
import Testing

@Suite("Checks")
struct CheckTests {
  /// The findings of a code, as `file:line:column message`.
  static func found(_ code: RuleCode, _ files: [(path: String, text: String)]) throws -> [String] {
    let validation = try Validation.of(Rule.Example.base + files)
    return validation.lines.filter { $0.contains(" \(code) ") }.map { $0.replacing(" \(code)", with: "") }
  }

  static func segments(_ references: [(String, [String])]) -> [(path: String, text: String)] {
    references.map { key, used in
      let when = used.isEmpty ? "include: [user-1]" : "when: {segment: [\(used.joined(separator: ", "))]}"
      return ("segments/\(key).yaml", "description: X.\n\(when)\n")
    }
  }

  @Test(
    "every cycle is found, also one that the first segment only leads to",
    arguments: [
      ([("a", ["a"])], 1),
      ([("a", ["b"]), ("b", ["c"]), ("c", ["b"])], 1),
      ([("a", ["b"]), ("b", ["a", "c"]), ("c", ["b", "d"]), ("d", [])], 2),
      ([("a", ["b", "c"]), ("b", ["d"]), ("c", ["d"]), ("d", [])], 0),
      ([("a", ["b"]), ("b", ["a"]), ("c", ["d"]), ("d", ["c"]), ("e", ["a", "c"])], 2),
    ])
  func segmentCycles(_ references: [(String, [String])], _ count: Int) throws {
    let found = try Self.found("E063", Self.segments(references))
    #expect(found.count == count, "\(found)")
  }

  @Test("a cycle is told once, with all of its way")
  func wordsOfCycle() throws {
    let files = Self.segments([("a", ["b"]), ("b", ["c"]), ("c", ["b"])])
    let validation = try Validation.of(Rule.Example.base + files)
    let cycles = validation.findings.filter { $0.code == "E063" }
    #expect(cycles.map(\.message) == ["segments refer to each other in a circle: `b` → `c` → `b`"])
    #expect(cycles.first?.notes.map(\.message) == ["`b` refers to `c`"])
    #expect(validation.files.path(of: try #require(cycles.first).file) == "segments/c.yaml")
  }

  @Test("a chain of 20,000 segments, and the circle it ends in, need no recursion", .timeLimit(.minutes(10)))
  func longChain() throws {
    let count = 20_000
    let chain = (1...count).map { ("s\($0)", [$0 == count ? "s2" : "s\($0 + 1)"]) }
    let found = try Self.found("E063", Self.segments(chain))
    #expect(found.count == 1)
    let message = try #require(found.first)
    #expect(message.contains("`s2` → `s3` → `s4`") && message.contains("more"))
    #expect(message.count < 300)
  }

  @Test("prerequisites are looked at in each environment on its own")
  func prerequisites() throws {
    let definition = "description: X.\ntype: boolean\noff: off\nowner: payments\n"
    let files: [(path: String, text: String)] = [
      ("definitions/a.yaml", definition), ("definitions/b.yaml", definition),
      ("environments/staging/a.yaml", "enabled: true\nrequires: {b: on}\notherwise: on\n"),
      ("environments/production/b.yaml", "enabled: true\nrequires: {a: on}\notherwise: on\n"),
    ]
    #expect(try Self.found("E064", files) == [])
    let both = files + [("environments/production/a.yaml", "enabled: true\nrequires: {b: on}\notherwise: on\n")]
    #expect(try Self.found("E064", both).count == 1)
  }

  @Test(
    "a file that cannot be read makes no finding elsewhere",
    arguments: [
      ("definitions/new-cart.yaml", "type: boolean\n"),
      ("segments/staff.yaml", "when: {}\n"),
      ("environments/production/new-cart.yaml", "enabled: maybe\n"),
      ("tests/new-cart.yaml", "- flag: new-cart\n"),
      ("ensign.yaml", Rule.Example.base[0].text.replacing("owners:", with: "ovners:")),
      ("ensign.yaml", Rule.Example.base[0].text.replacing("type: boolean", with: "type: bool")),
      ("ensign.yaml", Rule.Example.base[0].text.replacing("project: acme-shop", with: "project:")),
    ])
  func noCascades(_ path: String, _ text: String) throws {
    let validation = try Validation.of(Rule.Example.base + [(path, text)])
    #expect(!validation.findings.isEmpty)
    #expect(validation.findings.allSatisfy { validation.files.path(of: $0.file) == path }, "\(validation.lines)")
  }

  @Test("a flag expires on its day, not before", arguments: [("2098-12-31", 0), ("2099-02-28", 0), ("2099-03-01", 1)])
  func expiry(_ today: String, _ count: Int) throws {
    let date = try #require(CalendarDate(text: today))
    let validation = try Validation.run(MemoryFiles(Rule.Example.base), today: date)
    #expect(validation.findings.count { $0.code == "W001" } == count)
  }

  @Test(
    "every place that names a variant is looked at",
    arguments: [
      ("definitions/new-cart.yaml", "type: boolean\noff: x\nowner: payments\n"),
      ("environments/staging/new-cart.yaml", "enabled: true\ntargets: {x: [user-1]}\notherwise: on\n"),
      ("environments/staging/new-cart.yaml", "enabled: true\nrules: [{name: a, serve: x}]\notherwise: on\n"),
      ("environments/staging/new-cart.yaml", "enabled: true\notherwise: x\n"),
      ("environments/staging/new-cart.yaml", "enabled: true\notherwise: {split: {on: 50, x: 50}}\n"),
      (
        "environments/staging/new-cart.yaml",
        "enabled: true\notherwise: {ranges: {on: [[0, 50]], x: [[50, 100]]}}\n"
      ),
      (
        "environments/staging/new-cart.yaml",
        "enabled: true\notherwise: {ramp: x, from: off, steps: [{at: 2026-12-01T09:00:00Z, percent: 5}]}\n"
      ),
      (
        "environments/staging/new-cart.yaml",
        "enabled: true\notherwise: {ramp: on, from: x, steps: [{at: 2026-12-01T09:00:00Z, percent: 5}]}\n"
      ),
      ("tests/new-cart.yaml", "- {flag: new-cart, environment: staging, expect: x}\n"),
    ])
  func variants(_ path: String, _ text: String) throws {
    let found = try Self.found("E012", [(path, text)])
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix("flag `new-cart` has no variant `x`") == true, "\(found)")
  }

  @Test("many variants, rules and keys take no longer than few", .timeLimit(.minutes(10)))
  func large() throws {
    let few = try #require(try (0..<3).map { _ in try Self.processorTime(ofNames: 1_000) }.min())
    let many = try #require(try (0..<3).map { _ in try Self.processorTime(ofNames: 8_000) }.min())
    #expect(many < few * 24, "8 times if linear, 64 times if quadratic")
  }

  /// How long a thread computes to validate so many variants with a target, a rule and a test each.
  private static func processorTime(ofNames count: Int) throws -> Duration {
    let names = (1...count).map { "v\($0)" }
    let variants = names.map { "\($0): true" }.joined(separator: ", ")
    let targets = names.map { "\($0): [k-\($0)]" }.joined(separator: ", ")
    let rules = names.map { "  - {name: r-\($0), serve: \($0)}" }.joined(separator: "\n")
    let tests = names.map { "- {flag: new-cart, environment: staging, expect: \($0), because: r-\($0)}" }
    let files: [(path: String, text: String)] = [
      ("definitions/new-cart.yaml", "type: boolean\nvariants: {on: true, off: false, \(variants)}\noff: off\n"),
      (
        "environments/staging/new-cart.yaml", "enabled: true\ntargets: {\(targets)}\nrules:\n\(rules)\notherwise: off\n"
      ),
      ("tests/new-cart.yaml", tests.joined(separator: "\n") + "\n"),
    ]
    let reading = try TreeReader.read(MemoryFiles(Rule.Example.base + files))
    let today = try #require(CalendarDate(text: "2026-06-01"))
    return processorTime { #expect(Validation(of: reading, today: today).checked != nil) }
  }

  /// How long this thread computes, whatever else goes on.
  private static func processorTime(of work: () throws -> Void) rethrows -> Duration {
    func now() -> Duration {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
    let start = now()
    try work()
    return now() - start
  }

  @Test("an unknown name among thousands gets its suggestion; ten thousand of them take no minutes")
  func manyUnknownNames() throws {
    let conditions = (1...3_000).map { "segment-\($0)x" }.joined(separator: ", ")
    let segments = Self.segments((1...3_000).map { ("segment-\($0)", []) })
    let config =
      "enabled: true\nrules: [{name: a, when: {segment: [\(conditions)]}, serve: on}]\notherwise: off\n"
    var found: [Finding] = []
    let elapsed = try Self.processorTime {
      found = try Validation.of(Rule.Example.base + segments + [("environments/staging/new-cart.yaml", config)])
        .findings
        .filter { $0.code == "E014" }
    }
    #expect(found.count == 3_000)
    #expect(found.first?.help == "did you mean `segment-1`?")
    #expect(found.allSatisfy { !$0.help.isEmpty })
    #expect(elapsed < .seconds(20))
  }

  @Test(
    "e-mail addresses are found, and what only looks a little like them is not",
    arguments: [
      ("ada@acme.example", 1), ("ada.b+c@mail.acme.example", 1), ("@acme.example", 0), ("user@", 0), ("a@b", 0),
      ("user-1", 0), ("a b@c.d", 0), ("x@@y.z", 0), ("@a@b.c", 0), ("ada@.", 0),
    ])
  func addresses(_ key: String, _ count: Int) throws {
    let text = "description: X.\ninclude: [user-1, \"\(key)\"]\n"
    #expect(try Self.found("W009", [("segments/staff.yaml", text)]).count == count)
    let config = "enabled: true\ntargets: {on: [\"\(key)\"]}\notherwise: off\n"
    #expect(try Self.found("W009", [("environments/staging/new-cart.yaml", config)]).count == count)
    let list: [(path: String, text: String)] = [
      ("segments/staff.yaml", "description: X.\nincludeFrom: staff.txt\n"), ("segments/staff.txt", "user-1\n\(key)\n"),
    ]
    #expect(try Self.found("W009", list).map { $0.prefix(22) } == (count > 0 ? ["segments/staff.txt:2:1"] : []))
  }

  @Test(
    "conditions that say the same in another order are the same",
    arguments: [
      ("{country: DE}", "{country: DE}", 1), ("{country: [DE, FR]}", "{country: [FR, DE]}", 1),
      ("{country: DE, plan: pro}", "{plan: pro, country: DE}", 1), ("{not: {beta: true}}", "{not: {beta: true}}", 1),
      ("{age: {atLeast: 1, atMost: 2}}", "{age: {atMost: 2, atLeast: 1}}", 1),
      ("{country: DE}", "{country: FR}", 0), ("{country: DE}", "{not: {country: DE}}", 0),
      ("{email: {is: a}}", "{email: {is: a, ignoreCase: true}}", 0), ("{age: 1}", "{cartTotal: 1}", 0),
      ("{all: [{beta: true}, {age: 1}]}", "{any: [{beta: true}, {age: 1}]}", 0),
    ])
  func repeatedConditions(_ left: String, _ right: String, _ count: Int) throws {
    let text =
      "enabled: true\nrules:\n  - name: a\n    when: {any: [\(left), \(right)]}\n    serve: on\notherwise: off\n"
    #expect(try Self.found("W006", [("environments/staging/new-cart.yaml", text)]).count == count)
  }

  @Test("findings do not depend on the order in which files are listed", arguments: UInt64(0)..<20)
  func stable(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let files = ReportTests.files
    let expected = try Validation.of(files).lines
    // Later files replace earlier ones of a path, so only the last of each is shuffled.
    let unique = Dictionary(files.map { ($0.path, $0.text) }) { $1 }.map { (path: $0.key, text: $0.value) }
    #expect(try Validation.of(unique.shuffled(using: &random)).lines == expected)
  }
}
