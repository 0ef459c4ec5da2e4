package import YAML

extension Rule {
  package static let unsignedCommit = Rule(
    code: "E075", name: "unsigned-commit", level: .error,
    summary: "A commit that changes flags has no good signature, and the policy asks for one.",
    explanation: """
      `signedCommits` in the policy of an environment asks that every commit that changes its flags, or \
      `.ensign/allowed_signers`, is signed with an SSH key that this file allowed before the commit. Sign the \
      commits anew: `git rebase --exec 'git commit --amend --no-edit -S' BASE`.
      """,
    badExample: Example(
      before: [Example.policy("signedCommits: true")], change: [Example.production(otherwise: "on")],
      commit: Example.Commit("Give everyone the new cart\n")),
    goodExample: Example(
      before: [Example.policy("signedCommits: true")], change: [Example.production(otherwise: "on")],
      commit: Example.Commit("Give everyone the new cart\n", isSigned: true)),
    stage: .review)
}

extension Finding {
  /// - Parameters:
  ///   - commit: its id, and what it says of itself.
  ///   - signature: what is wrong with its signature.
  package static func unsignedCommit(
    _ commit: String, _ signature: String, environment: String, at file: FileReference, _ range: SourceRange
  ) -> Finding {
    Site(file: file, environment: environment).finding(
      .unsignedCommit, "the commit \(commit) changes `\(environment)`, and its signature is not good: \(signature)",
      help: "sign it with a key that `.ensign/allowed_signers` allows: `git commit --amend --no-edit -S`", at: range)
  }
}
