/// The keys of a flag's config in one environment.
package enum ConfigKey: String, MappingKey {
  case enabled, requires, targets, rules, otherwise

  package static let mapping: StaticString = "a flag's config"
  package static let table = KeyTable<ConfigKey>()

  package var keyShape: KeyShape {
    switch self {
    case .enabled:
      KeyShape(
        "true, false, or a mapping of `from` and `until`", example: "true", isRequired: true,
        value: .either([.boolean, .mapping(PeriodKey.mappingShape)]),
        summary: "When the flag is on; while it is not, everyone gets the `off` variant.")
    case .requires:
      KeyShape(
        "a mapping from flags to variants", example: "{payments-api: on}",
        value: .dictionary(of: .either([.name, .list(of: .name, minimum: 1)]), minimum: 0),
        summary: "Prerequisites: the other flag must serve this variant, or one of a list, in the same environment.")
    case .targets:
      KeyShape(
        "a mapping from variants to lists of targeting keys", example: "{on: [user-1, user-2]}",
        value: .dictionary(of: .list(of: .text, minimum: 0), minimum: 0),
        summary: "Individual targeting keys, before any rule.")
    case .rules:
      KeyShape(
        "a list of rules", example: "[{name: staff, when: {segment: staff}, serve: on}]",
        value: .list(of: .mapping(RuleKey.mappingShape), minimum: 0), summary: "Rules; the first match wins.")
    case .otherwise:
      KeyShape(
        "a variant's name, or a mapping with `split`, `ranges` or `ramp`", example: "off", isRequired: true,
        value: .reference("serve"), summary: "What everyone else gets.")
    }
  }
}

/// The keys of a period of time.
package enum PeriodKey: String, MappingKey {
  case from, until

  package static let mapping: StaticString = "a period"
  package static let table = KeyTable<PeriodKey>()

  package var keyShape: KeyShape {
    switch self {
    case .from:
      KeyShape(
        "a moment", example: "2026-12-01T09:00:00Z", value: .timestamp, summary: "The first moment of the period.")
    case .until:
      KeyShape(
        "a moment", example: "2026-12-02T09:00:00Z", value: .timestamp, summary: "The first moment after the period.")
    }
  }
}

/// The keys of a rule.
package enum RuleKey: String, MappingKey {
  case name, when, share, by, seed, serve

  package static let mapping: StaticString = "a rule"
  package static let table = KeyTable<RuleKey>()

  package var keyShape: KeyShape {
    switch self {
    case .name:
      KeyShape(
        "a name", example: "staff", isRequired: true, value: .text,
        summary: "The rule's name, unique in the file; it stands in evaluations and tests.")
    case .when:
      KeyShape(
        "a mapping of conditions", example: "{country: DE}", value: .reference("condition"),
        summary: "Whom the rule concerns; everyone when it is left out.")
    case .share:
      KeyShape(
        "a percentage", example: "20", value: .percentage,
        summary: "The part of the matching contexts that takes part; the others go on to the next rule.")
    case .by:
      KeyShape(
        "an attribute's name", example: "company.id", value: .text,
        summary: "The attribute that is hashed for `share`; default: that of `serve`, else targetingKey.")
    case .seed:
      KeyShape(
        "a text of one character at least", example: "checkout-2026", value: .text,
        summary: "What is hashed together with it; default: that of `serve`, else the flag's key.")
    case .serve:
      KeyShape(
        "a variant's name, or a mapping with `split`, `ranges` or `ramp`", example: "on", isRequired: true,
        value: .reference("serve"), summary: "What the contexts get.")
    }
  }
}

/// The keys of a serve that is a mapping.
package enum ServeKey: String, MappingKey {
  case split, ranges, ramp, from, steps, shape, by, seed

  package static let mapping: StaticString = "what is served"
  package static let table = KeyTable<ServeKey>()

  package var keyShape: KeyShape {
    switch self {
    case .split:
      KeyShape(
        "a mapping from variants to percentages", example: "{on: 25, off: 75}",
        value: .dictionary(of: .percentage, minimum: 1),
        summary: "Weights, allocated in the written order from 0; they add up to exactly 100.")
    case .ranges:
      KeyShape(
        "a mapping from variants to lists of intervals", example: "{on: [[0, 25]], off: [[25, 100]]}",
        value: .dictionary(of: .list(of: .pair(of: .percentage), minimum: 0), minimum: 1),
        summary: "An explicit allocation in percent that covers 0 to 100 once.")
    case .ramp:
      KeyShape(
        "a variant's name", example: "on", value: .name, summary: "The variant that grows, a progressive rollout.")
    case .from:
      KeyShape("a variant's name", example: "off", value: .name, summary: "The variant that the others still get.")
    case .steps:
      KeyShape(
        "a list of steps", example: "[{at: 2026-12-01T09:00:00Z, percent: 5}]",
        value: .list(of: .mapping(StepKey.mappingShape), minimum: 1),
        summary: "When the ramp has which percentage, in rising time, never falling.")
    case .shape:
      KeyShape(
        "a ramp's shape", example: "linear", value: .word(EnvironmentConfig.Ramp.Shape.allCases.map(\.rawValue)),
        summary: "How the percentage moves between steps; default: step.")
    case .by:
      KeyShape(
        "an attribute's name", example: "company.id", value: .text,
        summary: "The attribute that is hashed; default: targetingKey.")
    case .seed:
      KeyShape(
        "a text of one character at least", example: "checkout-2026", value: .text,
        summary: "What is hashed together with it; default: the flag's key. The same seed, the same users.")
    }
  }
}

/// The keys of a ramp's step.
package enum StepKey: String, MappingKey {
  case at, percent

  package static let mapping: StaticString = "a ramp's step"
  package static let table = KeyTable<StepKey>()

  package var keyShape: KeyShape {
    switch self {
    case .at:
      KeyShape(
        "a moment", example: "2026-12-01T09:00:00Z", isRequired: true, value: .timestamp,
        summary: "The moment from which the percentage holds.")
    case .percent:
      KeyShape(
        "a percentage", example: "5", isRequired: true, value: .percentage,
        summary: "The part of the contexts that gets the variant.")
    }
  }
}
