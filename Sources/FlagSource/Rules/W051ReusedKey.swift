internal import YAML

extension Rule {
  package static let reusedKey = Rule(
    code: "W051", name: "reused-key", level: .warning,
    summary: "A new flag takes the key of one that was archived or removed.",
    explanation: """
      Code that still asks for the old flag gets the new one's values: old versions of an application live for years on \
      people's devices. Choose another key. If the old flag itself is to come back, say so in the reason for taking this \
      finding back. Flags that were removed are looked for in the history of the base.
      """,
    badExample: Example(before: Example.archived, change: Array(Example.base[1...3])),
    goodExample: Example(
      before: Example.archived,
      change: [
        ("definitions/cart-2.yaml", Example.base[1].text), ("environments/staging/cart-2.yaml", Example.base[2].text),
        ("environments/production/cart-2.yaml", Example.base[3].text),
      ]),
    stage: .review)
}

extension Rule.Example {
  /// The base tree with its flag archived, which has neither configs nor tests then.
  fileprivate static let archived: [(path: String, text: String)] =
    [(base[1].path, base[1].text + "archived: true\n")] + [2, 3, 5].map { (base[$0].path, "") }
}

extension Finding {
  /// A flag whose key was another one's.
  ///
  /// - Parameter past: what became of the old flag, such as `was archived`.
  package static func reusedKey(_ definition: Definition, past: String) -> Finding {
    Site(file: definition.file, flag: definition.key).finding(
      .reusedKey, "there was a flag \(definition.key.quoted) before, which \(past)", help: "choose another key",
      at: .wholeFile)
  }
}
