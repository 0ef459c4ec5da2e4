package import YAML

extension Rule {
  package static let frozenEnvironment = Rule(
    code: "E076", name: "frozen-environment", level: .error,
    summary: "A change is made while the policy freezes the environment.",
    explanation: """
      `freeze` in the policy of an environment lists times in which nothing may be changed there. Wait until it is \
      over. With `except: [kill]` flags may still be disabled.
      """,
    badExample: Example(
      before: [Example.policy("freeze: [{from: 2026-05-01T00:00:00Z, until: 2026-07-01T00:00:00Z, except: [kill]}]")],
      change: [Example.production(otherwise: "on")]),
    goodExample: Example(
      before: [Example.policy("freeze: [{from: 2026-05-01T00:00:00Z, until: 2026-07-01T00:00:00Z, except: [kill]}]")],
      change: [Example.production(otherwise: "off", enabled: "false"), ("tests/new-cart.yaml", "")]),
    stage: .review)
}

extension Finding {
  package static func frozenEnvironment(
    _ freeze: Policy.Freeze, at site: Site, _ range: SourceRange
  ) -> Finding {
    let what = site.flag.map { "flag \($0.quoted)" } ?? "the policy"
    let kill = freeze.exceptions.contains(.kill) ? ", or disable the flag with `enabled: false`" : ""
    return site.finding(
      .frozenEnvironment,
      "\(what) is changed in `\(site.environment ?? "")`, which is frozen until \(freeze.until)",
      help: "wait until then\(kill)", at: range)
  }
}
