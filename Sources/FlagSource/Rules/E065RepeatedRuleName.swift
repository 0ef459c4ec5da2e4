extension Rule {
  static let repeatedRuleName = Rule(
    code: "E065", name: "repeated-rule-name", level: .error,
    summary: "Two rules of a config have the same name.",
    explanation: """
      Evaluations, tests and reviews name the rule that decided, so a name has to mean one rule of its file. Rename \
      one of them.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: staff
          when: {segment: staff}
          serve: on
        - name: staff
          when: {country: DE}
          serve: on
      otherwise: off

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: staff
          when: {segment: staff}
          serve: on
        - name: germany
          when: {country: DE}
          serve: on
      otherwise: off

      """),
    check: .config { config, _, _, findings in
      guard config.rules.count > 1 else { return }
      Repetition.forEach(in: config.rules.map(\.name)) { findings.add(.repeatedRuleName($0, first: $1, config)) }
    })
}

extension Finding {
  fileprivate static func repeatedRuleName(
    _ name: Located<String>, first: Located<String>, _ config: EnvironmentConfig
  ) -> Finding {
    Site(file: config.file, flag: config.flag, environment: config.environment).finding(
      .repeatedRuleName, "two rules are named \(name.value.quoted)", help: "rename one of them", at: name.range,
      notes: [Note("the first rule of that name", file: config.file, range: first.range)])
  }
}
