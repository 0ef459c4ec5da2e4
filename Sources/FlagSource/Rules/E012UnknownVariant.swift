extension Rule {
  static let unknownVariant = Rule(
    code: "E012", name: "unknown-variant", level: .error,
    summary: "A variant is named that the flag does not have.",
    explanation: """
      `off`, `serve`, `otherwise`, `targets`, `requires` and tests name variants of a flag, and only those that its \
      definition lists exist. In `requires` the variants are those of the other flag. Correct the name, or add the \
      variant to the definition.
      """,
    badExample: Example("environments/staging/new-cart.yaml", "enabled: true\notherwise: onn\n"),
    goodExample: Example("environments/staging/new-cart.yaml", "enabled: true\notherwise: on\n"),
    check: .variantName { variant, definition, site, facts, findings in
      guard !facts.hasVariant(variant.value, in: definition) else { return }
      findings.add(.unknownVariant(variant, definition, site, facts))
    })
}

extension Finding {
  fileprivate static func unknownVariant(
    _ variant: Located<String>, _ definition: Definition, _ site: Site, _ facts: TreeFacts
  ) -> Finding {
    let suggestion = Suggestion(for: variant) { definition.variants.map(\.name.value) }
    let place = definition.variants.first?.name.range ?? definition.type.range
    return site.finding(
      .unknownVariant, "flag \(definition.key.quoted) has no variant \(variant.value.quoted)", suggestion: suggestion,
      notes: [Note("the flag's variants stand here", file: definition.file, range: place)])
  }
}
