extension Rule {
  static let unknownSegment = Rule(
    code: "E014", name: "unknown-segment", level: .error,
    summary: "A condition names a segment that does not exist.",
    explanation: """
      A segment exists when `segments/` has a file of its key, in whatever folder. Correct the key, or write the \
      segment.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: staff
          when: {segment: [staff, staf]}
          serve: on
      otherwise: off

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: staff
          when: {segment: staff}
          serve: on
      otherwise: off

      """),
    check: .segmentName { segment, site, facts, findings in
      guard facts.tree.segmentIndex[segment.value] == nil, !facts.tree.broken.segments.contains(segment.value)
      else { return }
      findings.add(.unknownSegment(segment, site, facts))
    })
}

extension Finding {
  fileprivate static func unknownSegment(_ segment: Located<String>, _ site: Site, _ facts: TreeFacts) -> Finding {
    site.finding(
      .unknownSegment, "there is no segment \(segment.value.quoted)",
      suggestion: Suggestion(for: segment) { facts.segmentKeys })
  }
}
