extension Rule {
  static let unknownSuppression = Rule(
    code: "W013", name: "unknown-suppression", level: .warning,
    summary: "A comment takes back findings of a rule that does not exist.",
    explanation: """
      After `allow` stands the code or the name of a rule; `ensign rules` lists them.
      """,
    badExample: Example(
      "segments/staff.yaml",
      """
      description: Our own people.   # ensign: allow W903 used from July on
      when:
        email: {endsWith: "@acme.example"}

      """),
    goodExample: Example(
      "segments/staff.yaml",
      """
      description: Our own people.
      when:
        email: {endsWith: "@acme.example"}

      """))
}

extension Finding {
  static func unknownSuppression(_ rule: Located<String>, _ site: Site) -> Finding {
    let known = RuleRegistry.all.lazy.flatMap { [$0.code.description, $0.name] }
    let nearest = NearestName.find(rule.value, among: known)
    return site.finding(
      .unknownSuppression, "there is no rule \(rule.value.quoted)",
      help: nearest.map { "did you mean \($0.quoted)?" } ?? "`ensign rules` lists the rules", at: rule.range)
  }
}
