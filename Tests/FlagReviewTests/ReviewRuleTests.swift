import Ensign
import FlagCompiler
import FlagHistory
import FlagReview
import FlagSource
import Testing

@testable import Git

extension Rule: CustomTestStringConvertible {
  /// The code and the name, as test reports show it.
  public var testDescription: String { "\(code) \(name)" }
}

/// A change of the small tree of the examples, in memory.
struct ReviewedExample {
  static let moment = Timestamp(milliseconds: 1_780_272_000_000)  // 2026-06-01T00:00:00Z

  let before: Validation
  let after: Validation
  private(set) var plan: ReviewPlan
  /// What validation, tests and policies find.
  private(set) var findings: [Finding]

  /// - Parameter files: those of the change, over those of `before`, over the base tree; an empty text removes a file.
  init(
    before: [(path: String, text: String)] = [], change files: [(path: String, text: String)],
    commits: [ReviewedCommit] = [], at moment: Timestamp = ReviewedExample.moment
  ) throws {
    let today = try #require(CalendarDate(text: "2026-06-01"))
    self.before = try Validation.run(MemoryFiles(Rule.Example.base + before), today: today)
    after = try Validation.run(MemoryFiles(Rule.Example.base + before + files), today: today)
    let (old, new) = (try #require(self.before.checked), try #require(after.checked))
    plan = try ReviewPlan(from: old, to: new, ReviewPlan.Comparison(moment: moment, prefix: ""))
    var review = PolicyReview(from: old.tree, to: new.tree, commits: commits, at: moment, prefix: "")
    review.judge(&plan)
    findings = after.findings + (try FlagTestRunner.run(new)).findings + review.findings
    let reused = try ReusedKeys.findings(from: old.tree, to: new.tree) { _ in nil }
    findings += after.findings(plan.findings(in: new.tree) + reused, of: .review, isWhole: false)
  }

  init(_ example: Rule.Example) throws {
    try self.init(
      before: example.before, change: example.files,
      commits: try example.commit.map { [try .example($0.message, isSigned: $0.isSigned)] } ?? [])
  }

  var codes: [String] { findings.map(\.code.description) }

  var lines: [String] { findings.map { "\(after.files.path(of: $0.file)) \($0.code) \($0.message)" } }
}

extension ReviewedCommit {
  /// A commit of a change.
  ///
  /// - Parameters:
  ///   - number: tells commits apart; the parents are those of the numbers given.
  static func example(
    _ message: String, number: Int = 1, parents: [Int] = [0], author: String = "dan@acme.example",
    isSigned: Bool = false, status: CommitSignature.Status? = nil, environments: Environments = .all
  ) throws -> ReviewedCommit {
    func id(_ number: Int) throws -> ObjectID {
      let digits = String(number)
      return try #require(ObjectID(hexadecimal: String(repeating: "0", count: 40 - digits.count) + digits))
    }
    let person = Commit.Signature(name: "Dan", email: author, seconds: 1_780_000_000, offsetMinutes: 0)
    let commit = Commit(
      id: try id(number), tree: try id(0), parents: try parents.map(id), author: person, committer: person,
      subject: String(message.prefix { $0 != "\n" }), message: message)
    return ReviewedCommit(
      commit: commit, environments: environments,
      signature: CommitSignature(status: status ?? (isSigned ? .good : .none)))
  }
}

@Suite("Rules of tests and policies")
struct ReviewRuleTests {
  static let rules = RuleRegistry.rules(of: .test) + RuleRegistry.rules(of: .review)

  @Test("there are some")
  func count() { #expect(Self.rules.count >= 8) }

  @Test("the bad example triggers the rule, and no other error", arguments: rules)
  func bad(_ rule: Rule) throws {
    let example = try ReviewedExample(rule.badExample)
    let own = example.findings.filter { $0.code == rule.code }
    #expect(!own.isEmpty, "\(example.lines)")
    #expect(own.allSatisfy { $0.level == rule.level })
    #expect(example.findings.allSatisfy { $0.level != .error || $0.code == rule.code }, "\(example.lines)")
    for finding in own {
      #expect(!finding.message.hasSuffix("."), "\(finding.message)")
      #expect(!finding.help.isEmpty && !finding.help.hasSuffix("."), "\(finding.help)")
      #expect(!finding.message.contains("\n"))
    }
  }

  @Test("the good example has no finding of the rule, and no error", arguments: rules)
  func good(_ rule: Rule) throws {
    let example = try ReviewedExample(rule.goodExample)
    #expect(example.findings.allSatisfy { $0.level != .error && $0.code != rule.code }, "\(example.lines)")
  }
}
