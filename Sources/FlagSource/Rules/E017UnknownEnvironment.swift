extension Rule {
  static let unknownEnvironment = Rule(
    code: "E017", name: "unknown-environment", level: .error,
    summary: "A test or a folder names an environment that the manifest does not have.",
    explanation: """
      `environments` in `ensign.yaml` lists the environments. A config in a folder of another name would be compiled \
      nowhere, however finished it looks. Correct the name, or add the environment to the manifest.
      """,
    badExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: [staging, prodution]
        given: {targetingKey: user-1, email: ada@acme.example}
        expect: on

      """),
    goodExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: [staging, production]
        given: {targetingKey: user-1, email: ada@acme.example}
        expect: on

      """),
    check: .test { test, _, facts, findings in
      for environment in test.environments where !facts.hasEnvironment(environment.value) {
        findings.add(.unknownEnvironment(environment, test, facts))
      }
    })
}

extension Finding {
  static func unknownEnvironment(_ name: String, among environments: [String], at place: Place) -> Finding {
    let nearest = NearestName.find(name, among: environments)
    return Finding(
      "E017", level: .error, message: "there is no environment \(name.quoted)",
      help: (nearest.map { "did you mean `\($0)`? " } ?? "") + "the environments are \(environments.alternatives)",
      file: place.file, range: place.range)
  }

  fileprivate static func unknownEnvironment(
    _ environment: Located<String>, _ test: FlagTest, _ facts: TreeFacts
  ) -> Finding {
    Site(file: test.file, flag: test.flag.value).finding(
      .unknownEnvironment, "there is no environment \(environment.value.quoted)",
      suggestion: Suggestion(for: environment) { facts.environmentNames })
  }
}
