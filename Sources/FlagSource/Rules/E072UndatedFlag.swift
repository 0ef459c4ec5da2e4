internal import YAML

extension Rule {
  package static let undatedFlag = Rule(
    code: "E072", name: "undated-flag", level: .error,
    summary: "A change touches a flag without an end, and the policy asks for one.",
    explanation: """
      `requireExpiry` in the policy of an environment lists the kinds of flags that have to go some day. Give the \
      flag a day with `expires`.
      """,
    badExample: Example(
      before: [Example.policy("requireExpiry: [release]"), Example.definition(without: "expires")],
      change: [Example.production(otherwise: "on")]),
    goodExample: Example(
      before: [Example.policy("requireExpiry: [release]")], change: [Example.production(otherwise: "on")]),
    stage: .review)
}

extension Finding {
  package static func undatedFlag(_ definition: Definition, kind: FlagKind, environment: String) -> Finding {
    Site(file: definition.file, flag: definition.key, environment: environment).finding(
      .undatedFlag,
      "flag \(definition.key.quoted) of the kind `\(kind.rawValue)` never expires, and the policy of `\(environment)` "
        + "asks for a day",
      help: "write `expires: YYYY-MM-DD`", at: definition.kind?.range ?? .wholeFile)
  }
}
