package import YAML

extension Rule {
  package static let failedTest = Rule(
    code: "E069", name: "failed-test", level: .error,
    summary: "A flag test fails.",
    explanation: """
      A test says what some context must get. Somebody relied on that: correct the flag, or the test when the change \
      is meant.
      """,
    badExample: Example("environments/production/new-cart.yaml", "enabled: true\notherwise: off\n"),
    goodExample: Example("environments/production/new-cart.yaml", "enabled: true\notherwise: on\n"),
    stage: .test)
}

extension Finding {
  /// - Parameters:
  ///   - name: the test's.
  ///   - failure: what is not as expected.
  package static func failedTest(_ name: String, _ failure: String, at site: Site, _ range: SourceRange) -> Finding {
    site.finding(
      .failedTest, "test \(name.quoted) fails: \(failure)",
      help: "correct the flag, or the test when the change is meant; `ensign test` shows every step", at: range)
  }
}
