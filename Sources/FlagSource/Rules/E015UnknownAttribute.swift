extension Rule {
  static let unknownAttribute = Rule(
    code: "E015", name: "unknown-attribute", level: .error,
    summary: "A condition tests, or `by` hashes, an attribute that is not declared.",
    explanation: """
      `attributes` in `ensign.yaml` lists what a context may say, besides the built-in `targetingKey` and `now`. A \
      condition on any other attribute would match nobody. Correct the name, or declare the attribute with its type.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: germany
          when: {contry: DE}
          serve: on
        - name: staff
          when: {segment: staff}
          serve: on
      otherwise: off

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: germany
          when: {country: DE}
          serve: on
        - name: staff
          when: {segment: staff}
          serve: on
      otherwise: off

      """),
    check:
      .attributeTest { test, attribute, site, facts, findings in
        guard attribute == nil, !facts.tree.broken.attributes else { return }
        findings.add(.unknownAttribute(test.attribute, site, facts))
      },
    .hashedAttribute { attribute, site, facts, findings in
      guard facts.attribute(attribute.value) == nil, !facts.tree.broken.attributes else { return }
      findings.add(.unknownAttribute(attribute, site, facts))
    })
}

extension Finding {
  fileprivate static func unknownAttribute(_ attribute: Located<String>, _ site: Site, _ facts: TreeFacts) -> Finding {
    site.finding(
      .unknownAttribute, "there is no attribute \(attribute.value.quoted)",
      suggestion: Suggestion(for: attribute, orElse: "declare it in `ensign.yaml`") { facts.attributeNames })
  }
}
