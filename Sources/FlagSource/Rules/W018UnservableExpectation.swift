internal import Ensign

extension Rule {
  static let unservableExpectation = Rule(
    code: "W018", name: "unservable-expectation", level: .warning,
    summary: "A test expects a value that no variant of the flag has.",
    explanation: """
      A flag serves the values of its variants and no others, so the test can never pass. Correct the value, or name \
      the variant in `expect`.
      """,
    badExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: production
        given: {targetingKey: user-1, email: ada@acme.example}
        expectValue: "on"

      """),
    goodExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: production
        given: {targetingKey: user-1, email: ada@acme.example}
        expectValue: true

      """),
    check: .test { test, definition, _, findings in
      guard case .value(let expected) = test.expectation.value, let definition else { return }
      let bytes = expected.canonicalBytes
      if definition.variants.contains(where: { $0.value.value.canonicalBytes == bytes }) { return }
      findings.add(.unservableExpectation(expected, definition, test))
    })
}

extension Finding {
  fileprivate static func unservableExpectation(
    _ expected: JSONValue, _ definition: Definition, _ test: FlagTest
  ) -> Finding {
    let place = definition.variants.first?.name.range ?? definition.type.range
    return Site(file: test.file, flag: test.flag.value).finding(
      .unservableExpectation,
      "no variant of flag \(definition.key.quoted) has the value \(expected.description.quoted)",
      help: "the values are " + definition.variants.map(\.value.value.description).alternatives,
      at: test.expectation.range, notes: [Note("the flag's variants stand here", file: definition.file, range: place)])
  }
}
