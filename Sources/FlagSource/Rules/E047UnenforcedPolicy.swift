extension Rule {
  static let unenforcedPolicy = Rule(
    code: "E047", name: "unenforced-policy", level: .error,
    summary: "`ensign.yaml` states policies that this version does not enforce.",
    explanation: """
      A policy that is written down and not enforced is worse than none, because people rely on it. Leave `policies` \
      empty until you use a version that enforces them.
      """,
    badExample: Example("ensign.yaml", Example.base[0].text + "policies: {production: {requireOwner: true}}\n"),
    goodExample: Example("ensign.yaml", Example.base[0].text + "policies: {}\n"))
}

extension Finding {
  static func unenforcedPolicy(at place: Place) -> Finding {
    Finding(
      "E047", level: .error, message: "this version of Ensign does not enforce policies",
      help: "write `policies: {}`, or use a version that enforces them", file: place.file, range: place.range)
  }
}
