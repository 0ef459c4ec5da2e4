package import YAML

extension Rule {
  package static let untestedChange = Rule(
    code: "E071", name: "untested-change", level: .error,
    summary: "A change touches a flag that has no test of the environment, and the policy asks for one.",
    explanation: """
      `requireTests` in the policy of an environment asks that a test says what some context must get of each flag \
      that is changed there. Write one in `tests/`.
      """,
    badExample: Example(
      before: [Example.policy("requireTests: true")],
      change: [Example.production(otherwise: "on"), ("tests/new-cart.yaml", "")]),
    goodExample: Example(before: [Example.policy("requireTests: true")], change: [Example.production(otherwise: "on")]),
    stage: .review)
}

extension Finding {
  package static func untestedChange(_ definition: Definition, environment: String, at site: Site, _ range: SourceRange)
    -> Finding
  {
    site.finding(
      .untestedChange,
      "flag \(definition.key.quoted) has no test of `\(environment)`, and the policy asks for one",
      help: "write one in `tests/` with `environment: \(environment)`: a context, and the variant that it must get",
      at: range)
  }
}
