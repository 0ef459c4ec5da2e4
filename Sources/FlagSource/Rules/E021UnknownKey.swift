extension Rule {
  static let unknownKey = Rule(
    code: "E021", name: "unknown-key", level: .error,
    summary: "A mapping has a key that means nothing there.",
    explanation: """
      An unknown key would be ignored, and with it what somebody meant. Correct its spelling, move it to where it \
      belongs, or remove it.
      """,
    badExample: Example("environments/staging/new-cart.yaml", "enabled: true\notherwize: on\n"),
    goodExample: Example("environments/staging/new-cart.yaml", "enabled: true\notherwise: on\n"))
}

extension Finding {
  static func unknownKey(
    _ key: String, in mapping: String, allowed: [String], nearest: String?, at place: Place
  ) -> Finding {
    var finding = Finding(
      "E021", level: .error, message: "\(key.quoted) is no key of \(mapping)",
      help: (nearest.map { "did you mean `\($0)`? " } ?? "") + "the keys are \(allowed.alternatives)",
      file: place.file, range: place.range)
    if let nearest {
      finding.fix = Fix(
        title: "write `\(nearest)`", applicability: .unsafe, edits: [.init(range: place.range, replacement: nearest)])
    }
    return finding
  }
}
