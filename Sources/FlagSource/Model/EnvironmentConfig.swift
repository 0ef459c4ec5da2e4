package import Ensign
package import YAML

/// `environments/<environment>/…/<flag>.yaml`: what a flag does in one environment.
package struct EnvironmentConfig: Sendable {
  package var file: FileReference
  /// The folder below `environments/`.
  package var environment: String
  /// The file's name without `.yaml`.
  package var flag: String
  package var enabled: Located<Enabled>
  /// Prerequisites in the order of the file.
  package var requires: [Requirement]
  /// Individual targeting keys, per variant in the order of the file.
  package var targets: [Target]
  /// Rules in order: the first match wins.
  package var rules: [Rule]
  package var otherwise: Located<Serve>

  package init(
    file: FileReference, environment: String, flag: String, enabled: Located<Enabled>, requires: [Requirement],
    targets: [Target], rules: [Rule], otherwise: Located<Serve>
  ) {
    self.file = file
    self.environment = environment
    self.flag = flag
    self.enabled = enabled
    self.requires = requires
    self.targets = targets
    self.rules = rules
    self.otherwise = otherwise
  }

  /// When the flag is on: always, never, or from and until instants (half-open, either may be missing, not both).
  package enum Enabled: Sendable {
    case always
    case never
    indirect case between(from: Located<Timestamp>?, until: Located<Timestamp>?)
  }

  /// A prerequisite: the other flag must serve one of the variants, in the same environment.
  package struct Requirement: Sendable {
    package var flag: Located<String>
    /// At least one, in the order of the file.
    package var variants: [Located<String>]

    package init(flag: Located<String>, variants: [Located<String>]) {
      self.flag = flag
      self.variants = variants
    }
  }

  /// Targeting keys that get a variant before any rule is asked.
  package struct Target: Sendable {
    package var variant: Located<String>
    package var keys: [Located<String>]

    package init(variant: Located<String>, keys: [Located<String>]) {
      self.variant = variant
      self.keys = keys
    }
  }

  /// One rule: whom it concerns, how many of them, and what they get.
  package struct Rule: Sendable {
    package var name: Located<String>
    /// Nil: everyone.
    package var when: Located<Condition>?
    /// Nil: all that match.
    package var share: Share?
    package var serve: Located<Serve>
    /// The whole entry of the list.
    package var range: SourceRange

    package init(
      name: Located<String>, when: Located<Condition>?, share: Share?, serve: Located<Serve>, range: SourceRange
    ) {
      self.name = name
      self.when = when
      self.share = share
      self.serve = serve
      self.range = range
    }
  }

  /// The part of the matching contexts that takes part, with the hash that decides it.
  package struct Share: Sendable {
    package var percentage: Located<Percentage>
    /// `by` and `seed` written beside `share`; where they are nil, the serve's count, else the defaults.
    package var hashing: Hashing

    package init(percentage: Located<Percentage>, hashing: Hashing) {
      self.percentage = percentage
      self.hashing = hashing
    }
  }

  /// What is hashed, as written: nil means the default (`targetingKey`, the flag's key).
  ///
  /// Most splits say neither, so what others say lies elsewhere.
  package struct Hashing: Sendable {
    private let written: Written

    private enum Written: Sendable {
      case nothing
      indirect case values(Values)
    }

    private struct Values: Sendable {
      var by: Located<String>?
      var seed: Located<String>?
    }

    package init(by: Located<String>? = nil, seed: Located<String>? = nil) {
      written = by == nil && seed == nil ? .nothing : .values(Values(by: by, seed: seed))
    }

    /// The attribute whose value is hashed.
    package var by: Located<String>? { values?.by }

    /// What is hashed before the value.
    package var seed: Located<String>? { values?.seed }

    private var values: Values? { if case .values(let values) = written { values } else { nil } }
  }

  /// What a context gets.
  ///
  /// Most rules and configs have a variant, so what others need lies elsewhere: 24 bytes instead of 144.
  package enum Serve: Sendable {
    case variant(String)
    /// Weights in the order of the file; they sum to exactly 100 %.
    indirect case split([Weight], Hashing)
    /// Explicit intervals of percent per variant; together they cover 0…100 once.
    indirect case ranges([Allocation], Hashing)
    indirect case ramp(Ramp, Hashing)
  }

  /// A part of a split.
  package struct Weight: Sendable {
    package var variant: Located<String>
    package var percentage: Located<Percentage>

    package init(variant: Located<String>, percentage: Located<Percentage>) {
      self.variant = variant
      self.percentage = percentage
    }
  }

  /// The intervals of one variant in `ranges`.
  package struct Allocation: Sendable {
    package var variant: Located<String>
    /// Half-open intervals, `from` before `to`.
    package var intervals: [Interval]

    package init(variant: Located<String>, intervals: [Interval]) {
      self.variant = variant
      self.intervals = intervals
    }
  }

  /// An interval of percent.
  package struct Interval: Sendable {
    package var from: Percentage
    package var to: Percentage
    package var range: SourceRange

    package init(from: Percentage, to: Percentage, range: SourceRange) {
      self.from = from
      self.to = to
      self.range = range
    }
  }

  /// A progressive rollout, a pure function of the moment of evaluation.
  package struct Ramp: Sendable {
    /// The variant that grows, from bucket 0 up.
    package var variant: Located<String>
    /// The variant that the others still get.
    package var from: Located<String>
    /// At least one, in strictly rising time, percent never falling.
    package var steps: [Step]
    package var shape: Shape

    package init(variant: Located<String>, from: Located<String>, steps: [Step], shape: Shape) {
      self.variant = variant
      self.from = from
      self.steps = steps
      self.shape = shape
    }

    /// From `at` on, `percentage` (with ``Shape/linear``: exactly then, interpolated between).
    package struct Step: Sendable {
      package var at: Located<Timestamp>
      package var percentage: Located<Percentage>

      package init(at: Located<Timestamp>, percentage: Located<Percentage>) {
        self.at = at
        self.percentage = percentage
      }
    }

    /// How the percentage moves between steps; the raw value is the word in YAML and in snapshots.
    package enum Shape: String, CaseIterable, Sendable {
      case step, linear
    }
  }
}
