internal import YAML

extension Rule {
  package static let unownedFlag = Rule(
    code: "E070", name: "unowned-flag", level: .error,
    summary: "A change touches a flag that has no owner, and the policy asks for one.",
    explanation: """
      `requireOwner` in the policy of an environment asks that somebody answers for each flag that is changed there. \
      Give the flag an `owner`.
      """,
    badExample: Example(before: [Example.policy("requireOwner: true")], change: [Example.definition(without: "owner")]),
    goodExample: Example(
      before: [Example.policy("requireOwner: true"), Example.definition(without: "owner")], change: [Example.base[1]]),
    stage: .review)
}

extension Finding {
  package static func unownedFlag(_ definition: Definition, environment: String) -> Finding {
    Site(file: definition.file, flag: definition.key, environment: environment).finding(
      .unownedFlag, "flag \(definition.key.quoted) has no owner, and the policy of `\(environment)` asks for one",
      help: "write `owner: …` with one of the owners of `ensign.yaml`", at: .wholeFile)
  }
}
