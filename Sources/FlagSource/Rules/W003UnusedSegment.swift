extension Rule {
  static let unusedSegment = Rule(
    code: "W003", name: "unused-segment", level: .warning,
    summary: "No condition names the segment.",
    explanation: """
      A segment that no rule and no other segment names reaches nobody. Perhaps a rule was meant to use it; else \
      remove the file.
      """,
    badExample: Example(
      "segments/contractors.yaml", "description: People who work for us for a while.\ninclude: [u-1]\n"),
    goodExample: Example([
      ("segments/contractors.yaml", "description: People who work for us for a while.\ninclude: [u-1]\n"),
      (
        "environments/production/new-cart.yaml",
        """
        enabled: true
        rules:
          - name: staff
            when: {segment: [staff, contractors]}
            serve: on
        otherwise: off

        """
      ),
    ]),
    check: .tree { facts, uses, findings in
      guard facts.tree.broken.segments.isEmpty, facts.tree.broken.configs.values.allSatisfy({ $0.isEmpty }) else {
        return
      }
      for segment in facts.tree.segments where !uses.segments.contains(segment.key) {
        findings.add(.unusedSegment(segment))
      }
    })
}

extension Finding {
  fileprivate static func unusedSegment(_ segment: Segment) -> Finding {
    Site(file: segment.file).finding(
      .unusedSegment, "no condition names segment \(segment.key.quoted)",
      help: "name it in a rule's `when`, or remove the file", at: .wholeFile)
  }
}
