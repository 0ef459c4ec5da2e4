extension Rule {
  static let duplicateKey = Rule(
    code: "E006", name: "duplicate-key", level: .error,
    summary: "A mapping has a key twice.",
    explanation: """
      Of two equal keys most readers silently keep the second, so one of the two lines would have no effect. Remove one.
      """,
    badExample: Example("environments/staging/new-cart.yaml", "enabled: true\notherwise: on\nenabled: false\n"),
    goodExample: Example("environments/staging/new-cart.yaml", "enabled: false\notherwise: on\n"))
}
