internal import YAML

extension Rule {
  static let repeatedEntry = Rule(
    code: "W007", name: "repeated-entry", level: .warning,
    summary: "A list has the same entry twice.",
    explanation: """
      The values of a condition, targeting keys, tags, segments, variants of a prerequisite and environments of a test \
      are sets: a second mention changes nothing. Remove it, or write what was meant.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: staff-there
          when:
            segment: staff
            country: [DE, FR, DE]
          serve: on
      otherwise: off

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: staff-there
          when:
            segment: staff
            country: [DE, FR]
          serve: on
      otherwise: off

      """),
    check:
      .list { entries, noun, site, _, findings in
        Repetition.forEach(in: entries) {
          findings.add(.repeatedEntry($0.value, noun, at: $0.range, first: $1.range, site))
        }
      },
    .attributeTest { test, _, site, _, findings in
      for part in test.tests where part.operands.count > 1 {
        Repetition.forEach(in: part.operands) {
          findings.add(.repeatedEntry($0.value.text, "value", at: $0.range, first: $1.range, site))
        }
      }
    })
}

extension Finding {
  fileprivate static func repeatedEntry(
    _ entry: String, _ noun: String, at range: SourceRange, first: SourceRange, _ site: Site
  ) -> Finding {
    site.finding(
      .repeatedEntry, "\(noun) \(entry.quoted) stands here twice", help: "remove it", at: range,
      notes: [Note("the first one", file: site.file, range: first)], fix: .remove(noun, at: range))
  }
}
