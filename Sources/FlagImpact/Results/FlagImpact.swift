package import Ensign

/// What a change does to one flag in one environment: who gets another variant, exactly.
package struct FlagImpact: Sendable {
  /// What became of the flag itself.
  package enum Change: Hashable, Sendable {
    /// Its compiled form is the same: a segment or a prerequisite changed.
    case none
    /// Its compiled form is another one.
    case edited
    /// There was none, so that services got their code's default: counted as the new version's `off` variant.
    case added
    /// There is none any more (deleted or archived), so that services get their code's default: counted as the old
    /// version's `off` variant.
    case removed
    /// Its values have another type: services that ask for the old one get their default.
    case retyped(from: FlagType, to: FlagType)
  }

  /// The flag's key.
  package var key: String
  /// What became of the flag's own compiled form.
  package var change: Change
  /// Changed segments that the flag uses, directly or through others, sorted.
  package var changedSegments: [String]
  /// Changed prerequisites, direct or not, sorted.
  package var changedPrerequisites: [String]
  /// The verdict over ``movements`` and ``later``.
  package var verdict: Verdict
  /// Who moves at the moment of the analysis, most buckets first; all others stay where they are.
  package var movements: [Movement]
  /// Who moves at later moments, where that differs, in the order of time.
  package var later: [LaterImpact]
  /// Allocations that move more contexts than their new weights ask for.
  package var excesses: [ExcessMovement]
  /// Whether ``movements`` and ``later`` are all there is; otherwise ``limitations`` says what is missing.
  package var isComplete: Bool
  /// What the analysis could not settle, a sentence each.
  package var limitations: [String]
  /// Contexts for which the evaluator gave something else than the analysis, a sentence each: defects of the analysis,
  /// to be reported loudly.
  package var disagreements: [String]
}

/// Who moves from a later moment on.
package struct LaterImpact: Sendable {
  /// The first moment.
  package var from: Timestamp
  /// The first moment no more; nil for ever.
  package var until: Timestamp?
  /// Who moves then, compared with what the old version would have given at the same moment; may be empty.
  package var movements: [Movement]
  /// Whether a linear ramp that differs between the versions is on its way: the numbers are those of one moment in
  /// between.
  package var isSampled: Bool
}

/// An allocation by weights that moves more contexts than it has to.
package struct ExcessMovement: Hashable, Sendable {
  /// Buckets of a variant, half-open.
  package struct Range: Hashable, Sendable {
    /// The variant.
    package var variant: String
    /// The first bucket.
    package var from: Int
    /// The first bucket no more.
    package var to: Int
  }

  /// The rule, or `otherwise`.
  package var place: Evaluation.Place
  /// Buckets of 100,000 that move, among those that the rule decides for.
  package var moved: Int
  /// Buckets that have to move for the new weights: their total variation distance.
  package var unavoidable: Int
  /// Why more of them move.
  package var cause: Cause
  /// The new weights as `ranges` which move no more than ``unavoidable``, in ascending order, if ``seed`` and ``by`` are
  /// kept.
  package var ranges: [Range]
  /// The seed that ``ranges`` are for: the old one.
  package var seed: String
  /// The attribute that ``ranges`` are for: the old one.
  package var by: String

  /// Why more contexts move than have to.
  package enum Cause: String, Hashable, Sendable {
    /// Variants are laid end to end, so that a change of one shifts those behind it.
    case shifted
    /// Another seed or attribute deals everybody anew.
    case redealt
  }
}
