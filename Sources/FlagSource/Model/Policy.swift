package import Ensign
package import YAML

/// What a change must comply with in one environment: an entry of `policies`.
package struct Policy: Sendable {
  /// The environment that it is for.
  package var environment: Located<String>
  /// Whether every flag that is changed needs an owner; nil when nothing is said.
  package var requireOwner: Located<Bool>?
  /// Whether every flag that is changed needs a test of this environment; nil when nothing is said.
  package var requireTests: Located<Bool>?
  /// The kinds of flags that need a day on which they are to be gone.
  package var requireExpiry: [Located<FlagKind>] = []
  /// The greatest part of any group of contexts that a change may move; nil when there is no limit.
  package var maxMove: Located<Percentage>?
  /// Findings that are errors here.
  package var forbid: [Located<Forbidden>] = []
  /// Who has to agree; nil when nobody has to.
  package var approvals: Approvals?
  /// Whether every commit of a change needs a good signature; nil when nothing is said.
  package var signedCommits: Located<Bool>?
  /// When nothing may be changed.
  package var freezes: [Freeze] = []
  /// The verdicts with which a change needs no approvals.
  package var autoApprove: [Located<AutoApproval>] = []

  package init(environment: Located<String>) { self.environment = environment }

  /// Findings, by their level or their rule.
  package enum Forbidden: Hashable, Sendable {
    /// All of this level and above.
    case level(Finding.Level)
    /// Those of one rule.
    case rule(RuleCode)

    /// Reads a level (`E`, `W`, `I`), or a rule's code or name.
    init?(text: String) {
      switch text {
      case "E": self = .level(.error)
      case "W": self = .level(.warning)
      case "I": self = .level(.information)
      default:
        guard let rule = RuleRegistry.rule(text) else { return nil }
        self = .rule(rule.code)
      }
    }

    /// Whether the finding is one of them.
    package func includes(_ finding: Finding) -> Bool {
      switch self {
      case .level(let level): finding.level >= level
      case .rule(let code): finding.code == code
      }
    }
  }

  /// How many people of which groups have to agree.
  package struct Approvals: Sendable {
    /// Where it is written.
    package var range: SourceRange
    /// The owners whose members count; anybody when it is empty.
    package var groups: [Located<String>]
    /// How many different people.
    package var count: Int

    package init(range: SourceRange, groups: [Located<String>], count: Int) {
      self.range = range
      self.groups = groups
      self.count = count
    }
  }

  /// A time in which nothing may be changed.
  package struct Freeze: Sendable {
    /// Where it is written.
    package var range: SourceRange
    /// The first moment.
    package var from: Timestamp
    /// The first moment no more.
    package var until: Timestamp
    /// What may be changed all the same.
    package var exceptions: Set<Exception>

    package init(range: SourceRange, from: Timestamp, until: Timestamp, exceptions: Set<Exception>) {
      self.range = range
      self.from = from
      self.until = until
      self.exceptions = exceptions
    }

    /// Whether the moment is in it.
    package func includes(_ moment: Timestamp) -> Bool { from <= moment && moment < until }

    /// A kind of change.
    package enum Exception: String, CaseIterable, Sendable {
      /// A flag that is disabled, as `ensign kill` does it.
      case kill
    }
  }

  /// A verdict over an environment with which a change needs no approvals.
  package enum AutoApproval: String, CaseIterable, Sendable {
    /// Proven: no context gets another variant.
    case equivalent
    case growsOnly = "grows-only"
    case shrinksOnly = "shrinks-only"
  }
}
