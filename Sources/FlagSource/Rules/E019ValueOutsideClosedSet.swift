internal import Ensign

extension Rule {
  static let valueOutsideClosedSet = Rule(
    code: "E019", name: "value-outside-closed-set", level: .error,
    summary: "An attribute is compared with a value that its declaration does not list.",
    explanation: """
      An attribute whose declaration has `values` takes only these, so a comparison with any other is a typo or a value \
      that the manifest does not know yet. Correct the value, or add it to the attribute's `values`.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: north
          when: {segment: staff, country: [DE, UK]}
          serve: on
      otherwise: off

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: north
          when: {segment: staff, country: [DE, GB]}
          serve: on
      otherwise: off

      """),
    check: .attributeTest { test, attribute, site, facts, findings in
      guard let attribute, let values = attribute.closedSet else { return }
      let ignoresCase = test.ignoreCase?.value == true
      for part in test.tests where part.operation.value == .in || part.operation.value == .notIn {
        for operand in part.operands where !values.contains(operand.value) {
          if ignoresCase, attribute.hasValueIgnoringCase(operand.value) { continue }
          findings.add(.valueOutsideClosedSet(operand, attribute, test.attribute.value, site, facts))
        }
      }
    })
}

extension Finding {
  fileprivate static func valueOutsideClosedSet(
    _ operand: Located<Operand>, _ attribute: AttributeFacts, _ name: String, _ site: Site, _ facts: TreeFacts
  ) -> Finding {
    let typed = Located(operand.value.text, at: operand.range)
    let note = attribute.declaration.map {
      Note("the values of \(name.quoted) stand here", file: facts.tree.manifest.file, range: $0.name.range)
    }
    return site.finding(
      .valueOutsideClosedSet, "\(typed.value.quoted) is no value of attribute \(name.quoted)",
      suggestion: Suggestion(for: typed) { attribute.declaration?.values?.map(\.value.text) ?? [] },
      notes: note.map { [$0] } ?? [])
  }
}
