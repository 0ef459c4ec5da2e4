extension Rule {
  static let misplacedKey = Rule(
    code: "E044", name: "misplaced-key", level: .error,
    summary: "A known key stands where it has nothing to act on.",
    explanation: """
      `by` and `seed` say how contexts are hashed, so they belong beside `share`, `split`, `ranges` or `ramp`; `from`, \
      `steps` and `shape` belong to a ramp; `ignoreCase` to tests of texts; `values` to attributes of the types string, \
      integer, number and version. Elsewhere they would have no effect.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\nrules:\n  - name: some\n    seed: cart\n    serve: on\notherwise: off\n"),
    goodExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\nrules:\n  - name: some\n    share: 20\n    seed: cart\n    serve: on\notherwise: off\n"))
}

extension Finding {
  static func misplacedKey(_ key: String, _ reason: String, help: String, at place: Place) -> Finding {
    Finding(
      "E044", level: .error, message: "`\(key)` has no effect here: \(reason)", help: help, file: place.file,
      range: place.range)
  }
}
