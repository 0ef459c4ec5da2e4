extension Rule {
  static let emptyFile = Rule(
    code: "E004", name: "empty-file", level: .error,
    summary: "A file has no content.",
    explanation: """
      An empty file says nothing about its flag, and nearly always is the rest of an edit that went wrong. Write the \
      content or remove the file.
      """,
    badExample: Example("environments/staging/new-cart.yaml", "# To be written.\n"),
    goodExample: Example("environments/staging/new-cart.yaml", "enabled: true\notherwise: on\n"))
}
