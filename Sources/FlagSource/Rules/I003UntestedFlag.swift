extension Rule {
  static let untestedFlag = Rule(
    code: "I003", name: "untested-flag", level: .information,
    summary: "A flag that an environment configures has no test.",
    explanation: """
      A test in `tests/` says what some context must get. It fails when a later change breaks that, which a look at the \
      change often does not show.
      """,
    badExample: Example("tests/new-cart.yaml", ""),
    goodExample: Example(
      "tests/new-cart.yaml",
      """
      - flag: new-cart
        environment: production
        given: {targetingKey: user-1, email: ada@acme.example}
        expect: on

      """),
    check: .tree { facts, uses, findings in
      guard !facts.hasErrors(below: "tests/") else { return }
      var isTested = Array(repeating: false, count: facts.tree.definitions.count)
      for position in uses.testedFlags { isTested[position] = true }
      var cursor = DefinitionCursor(of: facts.tree)
      facts.tree.forEachDefinition { definition in
        guard let position = cursor.position(ofDefinitionOf: definition.key), !definition.isArchived,
          !isTested[position], facts.isConfigured(definitionAt: position)
        else { return }
        findings.add(.untestedFlag(definition))
      }
    })
}

extension Finding {
  fileprivate static func untestedFlag(_ definition: borrowing Definition) -> Finding {
    Site(file: definition.file, flag: definition.key).finding(
      .untestedFlag, "flag \(definition.key.quoted) has no test",
      help: "write one in `tests/`: a context, and the variant that it must get", at: .wholeFile)
  }
}
