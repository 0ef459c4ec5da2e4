/// What a token is good for in its environments.
///
/// Each scope includes those before it: who may download the flags can evaluate them at home, and who publishes has
/// to read what was published last.
package enum AccessScope: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Evaluating flags: OpenFeature's remote evaluation and its change events.
  case evaluate
  /// Downloading snapshots, manifests, trust files and exports.
  case read
  /// Publishing what was signed.
  case publish

  /// Whether a scope includes less than another.
  package static func < (left: Self, right: Self) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}
