/// A set of contexts in words: tests that hold together.
///
/// A region without tests is everyone. Beside the attributes named, a context of the region has what the flag hashes,
/// unless a test says otherwise.
package struct ContextRegion: Hashable, Sendable {
  /// The tests, in words: `country is DE or FR`, `appVersion ≥ 2.1.0`, `no email`, `in segment beta`, or one alone,
  /// `those for whom rule beta decides`.
  ///
  /// Segments come first, then attributes that conditions compare with values, then others, each part sorted.
  package var tests: [String]

  /// `country is DE or FR, plan = premium`, or `everyone`.
  package var words: String { tests.isEmpty ? "everyone" : tests.joined(separator: ", ") }
}

/// What happens to the contexts of a region.
package struct Movement: Hashable, Sendable {
  /// Which contexts; the regions of a flag's movements are disjoint.
  package var region: ContextRegion
  /// Where they go, the most first; at least one.
  package var transitions: [Transition]
  /// Whether it is not proven that any context is in the region: it rests on a regular expression, or a combination of
  /// tests of a text, for which no example was found.
  package var isPossibleOnly: Bool
  /// A rule that now decides for contexts of a rule behind it, and takes something away from them.
  package var preemption: Preemption?

  /// Buckets of 100,000 that move; all of the region's contexts is 100,000.
  package var buckets: Int { min(100_000, transitions.reduce(0) { $0 + $1.measure.buckets }) }

  /// A new or changed rule that is in the way of another one.
  package struct Preemption: Hashable, Sendable {
    /// The rule that decides now.
    package var rule: String
    /// The rule, unchanged and behind it, that decided before.
    package var preempted: String
  }
}
