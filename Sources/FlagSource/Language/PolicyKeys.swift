/// The keys of an environment's policy.
package enum PolicyKey: String, MappingKey {
  case requireOwner, requireTests, requireExpiry, maxMove, forbid, approvals, signedCommits, freeze
  case autoApprove = "auto-approve"

  package static let mapping: StaticString = "a policy"
  package static let table = KeyTable<PolicyKey>()

  package var keyShape: KeyShape {
    switch self {
    case .requireOwner:
      KeyShape(
        "true or false", example: "true", value: .boolean, summary: "Whether a flag that is changed needs an owner.")
    case .requireTests:
      KeyShape(
        "true or false", example: "true", value: .boolean,
        summary: "Whether a flag that is changed needs a test of this environment.")
    case .requireExpiry:
      KeyShape(
        "a kind of flag, or a list of them", example: "[release, experiment]",
        value: .either([.word(Self.kinds), .list(of: .word(Self.kinds), minimum: 1)]),
        summary: "The kinds of flags that need `expires` when they are changed.")
    case .maxMove:
      KeyShape(
        "a percentage", example: "25", value: .percentage,
        summary: "The greatest part of any group of contexts that a change may move to another variant.")
    case .forbid:
      KeyShape(
        "a level (E, W, I) or a rule, or a list of them", example: "[W, I003]",
        value: .either([.name, .list(of: .name, minimum: 1)]),
        summary: "Findings that are errors here, by level or by the rule's code or name.")
    case .approvals:
      KeyShape(
        "a mapping of `from`, `by` and `count`", example: "{from: trailers, by: [payments], count: 2}",
        value: .mapping(ApprovalsKey.mappingShape), summary: "Who has to agree to a change.")
    case .signedCommits:
      KeyShape(
        "true or false", example: "true", value: .boolean,
        summary: "Whether every commit that changes flags here needs a good signature.")
    case .freeze:
      KeyShape(
        "a list of periods", example: "[{from: 2026-12-20T00:00:00Z, until: 2027-01-02T00:00:00Z, except: [kill]}]",
        value: .list(of: .mapping(FreezeKey.mappingShape), minimum: 0), summary: "When nothing may be changed.")
    case .autoApprove:
      KeyShape(
        "a verdict, or a list of them", example: "equivalent",
        value: .either([.word(Self.verdicts), .list(of: .word(Self.verdicts), minimum: 1)]),
        summary: "The verdicts over this environment with which a change needs no approvals.")
    }
  }

  private static var kinds: [String] { FlagKind.allCases.map(\.rawValue) }
  private static var verdicts: [String] { Policy.AutoApproval.allCases.map(\.rawValue) }
}

/// The keys of `approvals`.
package enum ApprovalsKey: String, MappingKey {
  case from, by, count

  package static let mapping: StaticString = "the approvals"
  package static let table = KeyTable<ApprovalsKey>()

  package var keyShape: KeyShape {
    switch self {
    case .from:
      KeyShape(
        "the word `trailers`", example: "trailers", isRequired: true, value: .word(["trailers"]),
        summary: "Where approvals are read: from `Approved-by:` trailers of the change's commits.")
    case .by:
      KeyShape(
        "an owner, or a list of them", example: "[payments]",
        value: .either([.name, .list(of: .name, minimum: 1)]),
        summary: "The owners whose `members` count; anybody when it is left out.")
    case .count:
      KeyShape(
        "a number from 1 to 100", example: "2", value: .whole(from: 1, to: 100),
        summary: "How many different people have to agree; 1 when it is left out.")
    }
  }
}

/// The keys of a freeze.
package enum FreezeKey: String, MappingKey {
  case from, until, except

  package static let mapping: StaticString = "a freeze"
  package static let table = KeyTable<FreezeKey>()

  package var keyShape: KeyShape {
    switch self {
    case .from:
      KeyShape(
        "a moment", example: "2026-12-20T00:00:00Z", isRequired: true, value: .timestamp, summary: "The first moment.")
    case .until:
      KeyShape(
        "a moment", example: "2027-01-02T00:00:00Z", isRequired: true, value: .timestamp,
        summary: "The first moment after it.")
    case .except:
      KeyShape(
        "the word `kill`, or a list of it", example: "[kill]",
        value: .either([.word(Self.exceptions), .list(of: .word(Self.exceptions), minimum: 1)]),
        summary: "What may be changed all the same: `kill` is a flag that is disabled.")
    }
  }

  private static var exceptions: [String] { Policy.Freeze.Exception.allCases.map(\.rawValue) }
}
