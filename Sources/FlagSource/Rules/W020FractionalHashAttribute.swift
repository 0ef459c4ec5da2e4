extension Rule {
  static let fractionalHashAttribute = Rule(
    code: "W020", name: "fractional-hash-attribute", level: .warning,
    summary: "`by` names an attribute of type `number`.",
    explanation: """
      Strings, integers and booleans have a bucket; a number with a fraction counts as missing, because services write \
      such numbers in different ways. Contexts with a fraction get no bucket. Hash an attribute that stands for who is \
      asking.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\notherwise: {split: {on: 50, off: 50}, by: cartTotal}\n"),
    goodExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\notherwise: {split: {on: 50, off: 50}, by: targetingKey}\n"),
    check: .hashedAttribute { attribute, site, facts, findings in
      guard facts.attribute(attribute.value)?.type == .number else { return }
      findings.add(.fractionalHashAttribute(attribute, site))
    })
}

extension Finding {
  fileprivate static func fractionalHashAttribute(_ attribute: Located<String>, _ site: Site) -> Finding {
    site.finding(
      .fractionalHashAttribute, "numbers with a fraction have no bucket, and \(attribute.value.quoted) may be one",
      help: "hash a string or an integer, such as `targetingKey`", at: attribute.range)
  }
}
