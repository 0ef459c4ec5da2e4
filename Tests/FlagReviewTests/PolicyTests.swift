import Ensign
import FlagHistory
import FlagReview
import FlagSource
import Testing

@Suite("Policies")
struct PolicyTests {
  /// The manifest of the base tree with a policy of `production`.
  static func manifest(_ policy: String, members: String = "[ada@acme.example, bea@acme.example]") -> (String, String) {
    let lines = Rule.Example.base[0].text.split(separator: "\n").dropLast().joined(separator: "\n")
    let policies = policy.isEmpty ? "" : "policies:\n  production: {\(policy)}\n"
    return ("ensign.yaml", lines + "\n  payments: {contact: \"#p\", members: \(members)}\n" + policies)
  }

  static func production(_ otherwise: String, enabled: String = "true") -> (String, String) {
    (
      "environments/production/new-cart.yaml",
      "enabled: \(enabled)\nrules:\n  - {name: staff, when: {segment: staff}, serve: on}\notherwise: \(otherwise)\n"
    )
  }

  private static let approvals = "approvals: {from: trailers, by: [payments], count: 2}"

  private static func review(
    _ policy: String, _ change: [(String, String)], _ commits: [ReviewedCommit] = [], at moment: String? = nil
  ) throws -> ReviewedExample {
    try ReviewedExample(
      before: [manifest(policy)], change: change, commits: commits,
      at: try moment.map { try Timestamp($0) } ?? ReviewedExample.moment)
  }

  @Test("the limit of a move is the last that is allowed", arguments: [(25, 25, true), (25, 26, false), (0, 1, false)])
  func limits(_ limit: Int, _ percent: Int, _ isAllowed: Bool) throws {
    let change = [Self.production("{split: {on: \(percent), off: \(100 - percent)}}")]
    let example = try Self.review("maxMove: \(limit)", change)
    #expect(example.codes.contains("E073") != isAllowed, "\(example.lines)")
  }

  @Test("a flag that is disabled is stopped neither by a limit nor by a freeze that lets it pass")
  func kill() throws {
    let freeze = "freeze: [{from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z, except: [kill]}]"
    let tests = ("tests/new-cart.yaml", "")
    let killed = try Self.review(
      "maxMove: 0, requireTests: true, \(freeze)", [Self.production("off", enabled: "false"), tests])
    #expect(killed.plan.environments.last?.flags.first?.isKill == true)
    #expect(killed.findings.allSatisfy { $0.level != .error }, "\(killed.lines)")
    let strict = try Self.review(
      "freeze: [{from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z}]",
      [Self.production("off", enabled: "false"), tests])
    #expect(strict.codes.contains("E076"))
  }

  @Test(
    "a freeze begins with its first moment and ends before its last",
    arguments: [
      ("2026-04-30T23:59:59.999Z", false), ("2026-05-01T00:00:00Z", true), ("2026-06-30T23:59:59.999Z", true),
      ("2026-07-01T00:00:00Z", false),
    ])
  func freezes(_ moment: String, _ isFrozen: Bool) throws {
    let policy = "freeze: [{from: 2026-05-01T00:00:00Z, until: 2026-07-01T00:00:00Z}]"
    let example = try Self.review(policy, [Self.production("on")], at: moment)
    #expect(example.codes.contains("E076") == isFrozen, "\(example.lines)")
  }

  @Test("a policy is for its environment alone")
  func otherEnvironment() throws {
    let change = [("environments/staging/new-cart.yaml", "enabled: true\notherwise: {split: {on: 10, off: 90}}\n")]
    let policy = "maxMove: 0, signedCommits: true, \(Self.approvals)"
    let example = try Self.review(policy, change, [try .example("x", environments: .some(["staging"]))])
    #expect(!example.codes.contains { $0.hasPrefix("E07") }, "\(example.lines)")
  }

  /// How the approvals of some trailers and commits are judged.
  private static func approved(_ commits: [ReviewedCommit]) throws -> ReviewedExample {
    try review(approvals, [production("on")], commits)
  }

  @Test("two members agree, in any order of commits above the change")
  func approvals() throws {
    let example = try Self.approved([
      try .example("Agree\n\napproved-by: BEA@acme.example\n", number: 3, parents: [2], environments: .some([])),
      try .example("Agree\n\nApproved-by: Ada <ada@acme.example>\n", number: 2, parents: [1], environments: .some([])),
      try .example("Change\n"),
    ])
    #expect(!example.codes.contains("E074"), "\(example.lines)")
  }

  @Test("one person agrees once, however often they say so")
  func repeatedApproval() throws {
    let example = try Self.approved([
      try .example("Change\n\nApproved-by: Ada <ada@acme.example>\nApproved-by: A. <Ada@acme.example>\n")
    ])
    #expect(example.lines.contains { $0.contains("E074") && $0.contains("only ada@acme.example agreed") })
  }

  @Test(
    "what does not count is told with the reason",
    arguments: [
      ("Approved-by: Eve <eve@evil.example>", "is no member"), ("Approved-by: Ada", "is no `Name <email>`"),
      ("Approved-by: Ada <ada@acme.example", "is no `Name <email>`"),
    ])
  func rejected(_ trailer: String, _ reason: String) throws {
    let example = try Self.approved([try .example("Change\n\n\(trailer)\n")])
    #expect(example.lines.contains { $0.contains("E074") && $0.contains(reason) }, "\(example.lines)")
  }

  @Test("the author of a change does not agree to it")
  func ownApproval() throws {
    let example = try Self.approved([
      try .example("Change\n\nApproved-by: Ada <ada@acme.example>\n", author: "ADA@acme.example")
    ])
    #expect(example.lines.contains { $0.contains("is an author of the change") }, "\(example.lines)")
  }

  @Test("an approval is of what was there: a later commit that changes flags voids it")
  func outdatedApproval() throws {
    let approval = "Approved-by: Ada <ada@acme.example>\nApproved-by: Bea <bea@acme.example>\n"
    let later = try Self.approved([
      try .example("Change again\n", number: 2, parents: [1]), try .example("Change\n\n\(approval)"),
    ])
    #expect(later.lines.contains { $0.contains("agreed before a later commit") }, "\(later.lines)")
    let elsewhere = try Self.approved([
      try .example("Write about it\n", number: 2, parents: [1], environments: .some(["staging"])),
      try .example("Change\n\n\(approval)"),
    ])
    #expect(!elsewhere.codes.contains("E074"), "\(elsewhere.lines)")
    let beside = try Self.approved([
      try .example("Merge\n", number: 4, parents: [2, 3], environments: .some([])),
      try .example("Change beside it\n", number: 3, parents: [0]), try .example("Change\n\n\(approval)", number: 2),
    ])
    #expect(beside.codes.contains("E074"), "\(beside.lines)")
  }

  @Test("an approval in a commit with a wrong signature does not count; one without a signature does")
  func signedApproval() throws {
    let message = "Change\n\nApproved-by: Ada <ada@acme.example>\nApproved-by: Bea <bea@acme.example>\n"
    for status in [CommitSignature.Status.good, .none] {
      #expect(!(try Self.approved([try .example(message, status: status)]).codes.contains("E074")))
    }
    for status in [CommitSignature.Status.bad, .untrusted, .unknown] {
      #expect(try Self.approved([try .example(message, status: status)]).codes.contains("E074"))
    }
  }

  @Test(
    "a verdict that is approved automatically needs nobody",
    arguments: [
      ("equivalent", "{split: {off: 100}}", true), ("equivalent", "on", false), ("grows-only", "on", true),
      ("shrinks-only", "on", false), ("[shrinks-only, grows-only]", "on", true),
    ])
  func autoApproval(_ verdicts: String, _ otherwise: String, _ isApproved: Bool) throws {
    let example = try Self.review("\(Self.approvals), auto-approve: \(verdicts)", [Self.production(otherwise)])
    #expect(example.codes.contains("E074") != isApproved, "\(example.lines)")
    #expect((example.plan.environments.last?.autoApproval != nil) == isApproved)
  }

  @Test("a change cannot loosen the policy for itself, nor add members to a group")
  func loosened() throws {
    let change = [Self.production("on")]
    let strict = "maxMove: 25, \(Self.approvals), auto-approve: equivalent"
    for manifest in [
      Self.manifest(""), Self.manifest("maxMove: 100"), Self.manifest(strict, members: "[eve@evil.example]"),
    ] {
      let example = try Self.review(
        strict, change + [manifest], [try .example("x\n\nApproved-by: Eve <eve@evil.example>\n")])
      #expect(example.codes.contains("E073"), "\(example.lines)")
      #expect(example.codes.contains("E074"), "\(example.lines)")
    }
    // Nor by a change of the policy alone, which no verdict over flags approves.
    for manifest in [Self.manifest(""), Self.manifest(strict, members: "[eve@evil.example]")] {
      #expect(try Self.review(strict, [manifest]).codes.contains("E074"))
    }
  }

  @Test("a commit without a good signature is named")
  func signatures() throws {
    let commits = [
      try ReviewedCommit.example("Second\n", number: 2, parents: [1], status: .untrusted),
      try .example("First\n", isSigned: true),
    ]
    let example = try Self.review("signedCommits: true", [Self.production("on")], commits)
    let found = example.lines.filter { $0.contains("E075") }
    #expect(found.count == 1)
    #expect(found.first?.contains("(Second)") == true)
  }

  @Test("what a policy forbids is an error", arguments: ["I", "I003", "untested-flag", "[E, I003]"])
  func forbid(_ rules: String) throws {
    let example = try Self.review("forbid: \(rules)", [Self.production("on"), ("tests/new-cart.yaml", "")])
    let policy = try #require(example.before.tree?.manifest.policy(of: "production"))
    #expect(policy.forbidding(example.after.findings).contains { $0.code == "I003" && $0.level == .error })
    let other = try Self.review("forbid: W", [Self.production("on"), ("tests/new-cart.yaml", "")])
    let lenient = try #require(other.before.tree?.manifest.policy(of: "production"))
    #expect(lenient.forbidding(other.after.findings).allSatisfy { $0.level != .error })
  }
}
