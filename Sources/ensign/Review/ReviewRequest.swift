internal import Ensign
internal import FlagSource

/// What a review is asked for.
struct ReviewRequest {
  /// The revision that the change is compared with; nil to compare with nothing.
  let base: String?
  /// The commit that is reviewed; nil for the working tree.
  let revision: String?
  /// Whether findings are reported also about what the change does not touch.
  let reportsAll: Bool
  let failOn: Finding.Level
  /// Real contexts, to be counted; empty when there are none.
  let population: [Context]
  let findsConflicts: Bool
  let moment: Timestamp
}
