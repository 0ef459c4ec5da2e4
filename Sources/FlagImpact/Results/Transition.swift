package import Ensign

/// A part of the contexts of a region that goes from one variant to another.
package struct Transition: Hashable, Sendable {
  /// What one version of a flag gives.
  package struct Outcome: Hashable, Sendable {
    /// The variant's name.
    package var variant: String
    /// The variant's value.
    package var value: JSONValue
    /// What decided; nil where the flag does not exist, so that the code's own default counts, which by convention is
    /// the `off` variant's value.
    package var decidedBy: Evaluation.Place?
  }

  /// How many contexts of the region move.
  package enum Measure: Hashable, Sendable {
    /// So many buckets of 100,000, counted: one hash decides.
    case exact(Int)
    /// So many buckets of 100,000 on average: several hashes meet, which are independent of each other.
    case expected(Double)

    /// Buckets of 100,000, rounded to the nearest, but never to none.
    package var buckets: Int {
      switch self {
      case .exact(let buckets): buckets
      case .expected(let buckets): max(1, Int(buckets.rounded()))
      }
    }
  }

  /// What the contexts got.
  package var before: Outcome
  /// What they get.
  package var after: Outcome
  /// How many of the region's contexts.
  package var measure: Measure
  /// A context that moves so, re-run through the evaluator; nil when none was found, as ``note`` says.
  package var witness: Witness?
  /// Why there is no witness, or only one with a forced bucket.
  package var note: String?

  /// Whether the variant keeps its name and its value changed.
  package var changesValueOnly: Bool { before.variant == after.variant && before.value != after.value }
}

/// A context that stands for others, with what both versions gave for it when the evaluator was asked.
package struct Witness: Hashable, Sendable {
  /// The attributes, sorted by name.
  package var attributes: [Attribute]
  /// The moment of evaluation.
  package var now: Timestamp
  /// The bucket that was forced upon the evaluator, where no targeting key was found that falls into the right ones.
  package var forcedBucket: Int?

  /// One attribute of the context.
  package struct Attribute: Hashable, Sendable {
    /// The name.
    package var name: String
    /// The value.
    package var value: Context.Value
  }

  /// The context itself.
  package var context: Context {
    var context = Context(attributes: attributes.map { ($0.name, $0.value) })
    context.now = now
    return context
  }
}
