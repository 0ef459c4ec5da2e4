extension Rule {
  static let unhashableAttribute = Rule(
    code: "E067", name: "unhashable-attribute", level: .error,
    summary: "`by` names an attribute that has nothing to hash.",
    explanation: """
      `by` says whose value decides the bucket: a string, an integer or a boolean of the context. A list has no such \
      value, so no context would ever get a bucket, and the moment of evaluation would deal everybody anew each time. \
      Hash an attribute that stands for who is asking.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\notherwise: {split: {on: 50, off: 50}, by: groups}\n"),
    goodExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\notherwise: {split: {on: 50, off: 50}, by: email}\n"),
    check: .hashedAttribute { attribute, site, facts, findings in
      let isNow = attribute.value == AttributeDeclaration.now
      guard isNow || facts.attribute(attribute.value)?.type == .list else { return }
      let reason = isNow ? "is the moment of evaluation" : "is a list"
      findings.add(.unhashableAttribute(attribute, reason, site))
    })
}

extension Finding {
  fileprivate static func unhashableAttribute(
    _ attribute: Located<String>, _ reason: String, _ site: Site
  ) -> Finding {
    site.finding(
      .unhashableAttribute, "attribute \(attribute.value.quoted) \(reason), which gives no bucket",
      help: "hash a string, such as `targetingKey`", at: attribute.range)
  }
}
