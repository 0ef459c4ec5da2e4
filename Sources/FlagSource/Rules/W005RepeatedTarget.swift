extension Rule {
  static let repeatedTarget = Rule(
    code: "W005", name: "repeated-target", level: .warning,
    summary: "A rule tests for a targeting key that stands in `targets`.",
    explanation: """
      `targets` decides before any rule is asked, so no rule ever sees these keys: naming one in a rule has no effect, \
      and looks as if it had. Remove the key from the rule, or from `targets`.
      """,
    badExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      targets: {on: [user-1]}
      rules:
        - name: testers
          when: {targetingKey: [user-1, user-2]}
          serve: off
        - name: staff
          when: {segment: staff}
          serve: on
      otherwise: off

      """),
    goodExample: Example(
      "environments/production/new-cart.yaml",
      """
      enabled: true
      targets: {on: [user-1]}
      rules:
        - name: testers
          when: {targetingKey: [user-2]}
          serve: off
        - name: staff
          when: {segment: staff}
          serve: on
      otherwise: off

      """),
    check: .config { config, _, _, findings in
      guard !config.targets.isEmpty, config.rules.contains(where: \.testsTargetingKey) else { return }
      var targets: [String: Located<String>] = [:]
      for key in config.targets.lazy.flatMap(\.keys) where targets[key.value] == nil { targets[key.value] = key }
      for rule in config.rules {
        rule.when?.value.forEachAttributeTest { test in
          guard test.attribute.value == AttributeDeclaration.targetingKey, test.ignoreCase?.value != true else {
            return
          }
          for part in test.tests where part.operation.value == .in || part.operation.value == .notIn {
            findings.add(part.operandsInTargets(targets).map { .repeatedTarget($0, config) })
          }
        }
      }
    })
}

extension EnvironmentConfig.Rule {
  fileprivate var testsTargetingKey: Bool {
    var result = false
    when?.value.forEachAttributeTest { test in
      if test.attribute.value == AttributeDeclaration.targetingKey { result = true }
    }
    return result
  }
}

/// A key in a rule that `targets` has, too.
private struct RepeatedTarget {
  let key: String
  let operand: Located<Operand>
  let target: Located<String>
  /// True when removing it leaves the rule another key to test for.
  let isRemovable: Bool
}

extension AttributeTest.Test {
  fileprivate func operandsInTargets(_ targets: [String: Located<String>]) -> [RepeatedTarget] {
    let found = operands.compactMap { operand -> (String, Located<Operand>, Located<String>)? in
      guard case .string(let key) = operand.value, let target = targets[key] else { return nil }
      return (key, operand, target)
    }
    return found.map {
      RepeatedTarget(key: $0.0, operand: $0.1, target: $0.2, isRemovable: found.count < operands.count)
    }
  }
}

extension Finding {
  fileprivate static func repeatedTarget(_ found: RepeatedTarget, _ config: EnvironmentConfig) -> Finding {
    Site(file: config.file, flag: config.flag, environment: config.environment).finding(
      .repeatedTarget, "targeting key \(found.key.quoted) never gets to a rule: it stands in `targets`",
      help: "remove it from the rule, or from `targets`", at: found.operand.range,
      notes: [Note("it gets its variant here", file: config.file, range: found.target.range)],
      fix: found.isRemovable ? .remove("targeting key", at: found.operand.range) : nil)
  }
}
