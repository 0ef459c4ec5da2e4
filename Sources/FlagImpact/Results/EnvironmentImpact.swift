/// What a change does to all flags of one environment.
package struct EnvironmentImpact: Sendable {
  /// The environment.
  package var environment: String
  /// The flags whose compiled form changed, or that of a segment or prerequisite of theirs, sorted by key; proven
  /// equivalent ones among them.
  package var flags: [FlagImpact]
  /// How many flags are untouched: the same bytes on both sides, as are all segments and prerequisites they use.
  package var untouched: Int
  /// The verdict over all flags.
  package var verdict: Verdict
  /// Which flags each changed segment reaches, sorted by segment.
  package var segments: [FanOut]
  /// Which flags each changed flag reaches as a prerequisite, sorted by flag; only those that reach any.
  package var prerequisites: [FanOut]

  /// A changed part, and the flags that it reaches.
  package struct FanOut: Hashable, Sendable {
    /// The segment's or flag's key.
    package var key: String
    /// The keys of the flags that use it, directly or through others, sorted.
    package var flags: [String]
  }
}

/// How many contexts of a population move between variants of a flag.
package struct PopulationCount: Hashable, Sendable {
  /// The flag's key.
  package var key: String
  /// How many contexts there are.
  package var total: Int
  /// How many moved, by variants; nil where the flag does not exist; most first.
  package var transitions: [Transition]

  /// The contexts that go from one variant to another.
  package struct Transition: Hashable, Sendable {
    /// The variant before; nil where the flag does not exist.
    package var before: String?
    /// The variant after; nil where the flag does not exist.
    package var after: String?
    /// How many contexts.
    package var count: Int
  }
}
