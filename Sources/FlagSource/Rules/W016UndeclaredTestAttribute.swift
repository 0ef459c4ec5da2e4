internal import Ensign

extension Rule {
  static let undeclaredTestAttribute = Rule(
    code: "W016", name: "undeclared-test-attribute", level: .warning,
    summary: "A test gives an attribute that the manifest does not declare.",
    explanation: """
      No condition can ask for an attribute that is not declared, so the value has no influence on the test: a typo in \
      the name makes it another context than the one meant. Correct the name, or declare the attribute.
      """,
    badExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: production
        given: {targetingKey: user-1, email: ada@acme.example, contry: DE}
        expect: on

      """),
    goodExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: production
        given: {targetingKey: user-1, email: ada@acme.example, country: DE}
        expect: on

      """),
    check: .test { test, _, facts, findings in
      guard !facts.tree.broken.attributes else { return }
      for name in test.given.map(\.name) + test.matrix.map(\.name) where facts.attribute(name.value) == nil {
        findings.add(.undeclaredTestAttribute(name, test, facts))
      }
    })
}

extension Finding {
  fileprivate static func undeclaredTestAttribute(
    _ name: Located<String>, _ test: FlagTest, _ facts: TreeFacts
  ) -> Finding {
    Site(file: test.file, flag: test.flag.value).finding(
      .undeclaredTestAttribute, "there is no attribute \(name.value.quoted), so it cannot matter",
      suggestion: Suggestion(for: name, orElse: "declare it in `ensign.yaml`, or leave it out") { facts.attributeNames }
    )
  }
}
