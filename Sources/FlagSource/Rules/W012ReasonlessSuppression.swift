internal import YAML

extension Rule {
  static let reasonlessSuppression = Rule(
    code: "W012", name: "reasonless-suppression", level: .warning,
    summary: "A comment takes back a finding without saying why.",
    explanation: """
      Whoever reads `# ensign: allow W003` a year later cannot tell whether it still holds. Write the reason behind the \
      code.
      """,
    badExample: Example(
      "segments/contractors.yaml",
      "# ensign: allow W003\ndescription: People who work for us for a while.\ninclude: [user-1]\n"),
    goodExample: Example(
      "segments/contractors.yaml",
      "# ensign: allow W003 used from July on\ndescription: People who work for us for a while.\ninclude: [user-1]\n"))
}

extension Finding {
  static func reasonlessSuppression(_ suppression: Suppression, _ site: Site) -> Finding {
    let rules = suppression.rules.map(\.value).joined(separator: ", ")
    return site.finding(
      .reasonlessSuppression, "the comment does not say why", help: "write `# ensign: allow \(rules) the reason`",
      at: suppression.range)
  }
}
