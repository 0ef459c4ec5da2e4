internal import Ensign

extension Rule {
  static let mistypedTestValue = Rule(
    code: "W017", name: "mistyped-test-value", level: .warning,
    summary: "A test gives an attribute a value of another type.",
    explanation: """
      A value that is not of the attribute's type counts as missing, so every condition on it is false: the test may \
      pass for another reason than the one meant. Write a value of the type; leave the attribute out where a missing \
      one is meant.
      """,
    badExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: production
        given: {targetingKey: user-1, email: ada@acme.example, age: "42"}
        expect: on

      """),
    goodExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: production
        given: {targetingKey: user-1, email: ada@acme.example, age: 42}
        expect: on

      """),
    check: .test { test, _, facts, findings in
      for given in test.given {
        guard let type = facts.attribute(given.name.value)?.type, !type.accepts(given.value.value) else { continue }
        findings.add(.mistypedTestValue(given.value, given.name.value, type, test))
      }
      for axis in test.matrix {
        guard let type = facts.attribute(axis.name.value)?.type else { continue }
        for value in axis.values where !type.accepts(value.value) {
          findings.add(.mistypedTestValue(value, axis.name.value, type, test))
        }
      }
    })
}

extension AttributeType {
  /// Whether a context's value is of this type, so that conditions do not take it for missing.
  fileprivate func accepts(_ value: JSONValue) -> Bool {
    switch self {
    case .string: value.string != nil
    case .boolean: value.boolean != nil
    case .number: value.number != nil
    case .integer: value.integer != nil || value.number.map { $0.rounded() == $0 } ?? false
    case .version: value.string.map { (try? SemanticVersion($0)) != nil } ?? false
    case .timestamp: value.string.map { (try? Timestamp($0)) != nil } ?? false
    case .ip: value.string.map { (try? IPAddress($0)) != nil } ?? false
    case .list: value.array?.allSatisfy { $0.string != nil } ?? false
    }
  }

  /// What such a value is, with an article and an example.
  fileprivate var inWords: String {
    switch self {
    case .string: "a text, in quotes where it looks like something else"
    case .boolean: "`true` or `false`"
    case .number: "a number"
    case .integer: "a number without a fraction"
    case .version: "a SemVer version, such as `2.1.0`"
    case .timestamp: "a date and time, such as `2026-12-01T09:00:00Z`"
    case .ip: "an IP address, such as `192.0.2.1`"
    case .list: "a list of texts"
    }
  }
}

extension Finding {
  fileprivate static func mistypedTestValue(
    _ value: Located<JSONValue>, _ attribute: String, _ type: AttributeType, _ test: FlagTest
  ) -> Finding {
    Site(file: test.file, flag: test.flag.value).finding(
      .mistypedTestValue,
      "\(value.value.description.quoted) is not of the type `\(type.rawValue)` of attribute \(attribute.quoted)",
      help: "write \(type.inWords)", at: value.range)
  }
}
