internal import YAML

extension Rule {
  static let repeatedCondition = Rule(
    code: "W006", name: "repeated-condition", level: .warning,
    summary: "The same condition stands twice in an `all` or an `any`.",
    explanation: """
      A condition that stands there already changes nothing. Often it was copied and then not edited, so check what it \
      was meant to say; else remove it.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: germany-or-staff
          when:
            any:
              - segment: staff
              - country: DE
                plan: premium
              - plan: premium
                country: DE
          serve: on
      otherwise: off

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      rules:
        - name: germany-or-staff
          when:
            any:
              - segment: staff
              - country: DE
                plan: premium
              - plan: premium
                country: FR
          serve: on
      otherwise: off

      """),
    check: .condition { condition, site, _, findings in
      switch condition.value {
      case .all(let children), .any(let children):
        guard ConditionMeaning.mayRepeat(children) else { break }
        Repetition.forEach(in: children.map { Located(ConditionMeaning($0.value), at: $0.range) }) {
          findings.add(.repeatedCondition(at: $0.range, first: $1.range, site))
        }
      case .not, .segment, .attribute: break
      }
    })
}

extension Finding {
  fileprivate static func repeatedCondition(
    at range: SourceRange, first: SourceRange, _ site: Site
  ) -> Finding {
    site.finding(
      .repeatedCondition, "this condition stands here twice", help: "remove it, or say what it was meant to say",
      at: range, notes: [Note("the first one", file: site.file, range: first)],
      fix: .remove("condition", at: range))
  }
}
