internal import YAML

extension Rule {
  static let negatedClosedSet = Rule(
    code: "W008", name: "negated-closed-set", level: .warning,
    summary: "An attribute with a closed set of values is tested with `notIn`.",
    explanation: """
      `notIn` also lets through every value that the manifest does not list, and whatever is added to it later. With a \
      closed set the values that are meant can be named: `in` says who is concerned, and goes on saying it.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: paying-staff
          when:
            segment: staff
            plan: {notIn: [free]}
          serve: on
      otherwise: off

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: paying-staff
          when:
            segment: staff
            plan: {in: [pro, premium]}
          serve: on
      otherwise: off

      """),
    check: .attributeTest { test, attribute, site, _, findings in
      guard let values = attribute?.declaration?.values, test.ignoreCase?.value != true else { return }
      for part in test.tests where part.operation.value == .notIn && part.spelling == .notIn {
        let excluded = Set(part.operands.lazy.map(\.value))
        let rest = values.filter { !excluded.contains($0.value) }
        if !rest.isEmpty { findings.add(.negatedClosedSet(part, test.attribute.value, rest, site)) }
      }
    })
}

extension Finding {
  fileprivate static func negatedClosedSet(
    _ test: AttributeTest.Test, _ attribute: String, _ rest: [Located<Operand>], _ site: Site
  ) -> Finding {
    let shown = rest.prefix(12).map { PlainScalar.text(of: $0.value.text) }.joined(separator: ", ")
    let list = rest.count > 12 ? shown + ", …" : shown
    return site.finding(
      .negatedClosedSet, "`notIn` on attribute \(attribute.quoted), whose values are known",
      help: "name the values that are meant: `in: [\(list)]`", at: test.operation.range)
  }
}
