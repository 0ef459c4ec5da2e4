package import YAML

extension Rule {
  package static let missingApproval = Rule(
    code: "E074", name: "missing-approval", level: .error,
    summary: "A change lacks approvals that the policy asks for.",
    explanation: """
      `approvals` in the policy of an environment says how many people have to agree to a change, and whose \
      `members` they are. They agree by a trailer `Approved-by: Name <email>` in the last commit that changes flags, \
      or in a later one; the author of a commit of the change does not count, and where a commit is signed, its \
      signature has to be good.
      """,
    badExample: Example(
      before: [Example.policy("approvals: {from: trailers, by: [payments]}")],
      change: [Example.production(otherwise: "on")],
      commit: Example.Commit("Give everyone the new cart\n\nReason: the test went well\n")),
    goodExample: Example(
      before: [Example.policy("approvals: {from: trailers, by: [payments]}")],
      change: [Example.production(otherwise: "on")],
      commit: Example.Commit("Give everyone the new cart\n\nApproved-by: Ada <ada@acme.example>\n")),
    stage: .review)
}

extension Finding {
  /// - Parameter rejected: approvals that do not count, each with the reason.
  package static func missingApproval(
    _ found: [String], of approvals: Policy.Approvals, environment: String, rejected: [String], at file: FileReference,
    _ range: SourceRange
  ) -> Finding {
    let groups = approvals.groups.isEmpty ? "" : " of \(approvals.groups.map { "`\($0.value)`" }.joinedByOr)"
    let have = found.isEmpty ? "nobody has agreed" : "of them only \(found.joined(separator: ", ")) agreed"
    let why = rejected.isEmpty ? "" : " (not counted: \(rejected.joined(separator: "; ")))"
    return Site(file: file, environment: environment).finding(
      .missingApproval,
      "a change of `\(environment)` needs \(counted(approvals.count, "approval"))\(groups), and \(have)\(why)",
      help: "ask for a commit with the trailer `Approved-by: Name <email>` on top of the change", at: range)
  }
}
