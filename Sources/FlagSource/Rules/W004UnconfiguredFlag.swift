extension Rule {
  static let unconfiguredFlag = Rule(
    code: "W004", name: "unconfigured-flag", level: .warning,
    summary: "A flag has no config in any environment.",
    explanation: """
      A flag without a file in an environment's folder is disabled there, and this one is so everywhere: all contexts \
      get its `off` variant. Write a config, or archive the flag.
      """,
    badExample: Example([
      ("environments/staging/new-cart.yaml", ""), ("environments/production/new-cart.yaml", ""),
      ("tests/new-cart.yaml", ""),
    ]),
    goodExample: Example([("environments/production/new-cart.yaml", ""), ("tests/new-cart.yaml", "")]),
    check: .tree { facts, _, findings in
      var cursor = DefinitionCursor(of: facts.tree)
      facts.tree.forEachDefinition { definition in
        guard let position = cursor.position(ofDefinitionOf: definition.key), !definition.isArchived,
          !facts.isConfigured(definitionAt: position)
        else { return }
        let key = definition.key
        if facts.tree.broken.configs.values.contains(where: { $0.contains(key) }) { return }
        findings.add(.unconfiguredFlag(definition, facts.tree.manifest))
      }
    })
}

extension Finding {
  fileprivate static func unconfiguredFlag(_ definition: borrowing Definition, _ manifest: Manifest) -> Finding {
    let environment = manifest.environments.first?.value ?? ""
    return Site(file: definition.file, flag: definition.key).finding(
      .unconfiguredFlag, "flag \(definition.key.quoted) has no config in any environment",
      help: "write `environments/\(environment)/\(definition.key).yaml`, or archive the flag", at: .wholeFile)
  }
}
