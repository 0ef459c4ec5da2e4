extension Rule {
  static let unenforcedPolicy = Rule(
    code: "E047", name: "unenforced-policy", level: .error,
    summary: "`ensign.yaml` states a policy that this version does not enforce.",
    explanation: """
      A policy that is written down and not enforced is worse than none, because people rely on it. Correct the key or \
      the name of the rule, or use a version that knows it.
      """,
    badExample: Example("ensign.yaml", Example.base[0].text + "policies: {production: {requireOwners: true}}\n"),
    goodExample: Example("ensign.yaml", Example.base[0].text + "policies: {production: {requireOwner: true}}\n"))
}

extension Finding {
  static func unenforcedPolicy(
    _ key: String, of mapping: String, allowed: [String], nearest: String?, at place: Place
  ) -> Finding {
    var finding = Finding(
      "E047", level: .error, message: "\(key.quoted) is no key of \(mapping) that this version enforces",
      help: (nearest.map { "did you mean `\($0)`? " } ?? "") + "the keys are \(allowed.alternatives)",
      file: place.file, range: place.range)
    if let nearest {
      finding.fix = Fix(
        title: "write `\(nearest)`", applicability: .unsafe, edits: [.init(range: place.range, replacement: nearest)])
    }
    return finding
  }

  static func unknownForbidden(_ text: String, at place: Place) -> Finding {
    let names = RuleRegistry.all.flatMap { [$0.code.description, $0.name] }
    let nearest = NearestName.find(text, among: names)
    return Finding(
      "E047", level: .error, message: "\(text.quoted) is neither a level nor a rule",
      help: (nearest.map { "did you mean `\($0)`? " } ?? "")
        + "write `E`, `W`, `I`, or the code or name of a rule as `ensign rules` lists them",
      file: place.file, range: place.range)
  }
}
