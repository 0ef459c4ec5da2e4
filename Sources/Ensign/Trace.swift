/// How a flag came to its decision, step by step: for `explain`, and for the report of a flag test that failed.
///
/// A trace decides nothing by itself: each test, hash and ramp in it was asked of the evaluator, and its verdict is the
/// evaluation's.
package struct Trace: Hashable, Sendable {
  /// The verdict.
  package var evaluation: Evaluation
  /// The bounds of a flag that is enabled for a time; nil where it simply is, or is not.
  package var window: Window?
  /// The prerequisites, in order, up to the one that failed.
  package var requirements: [Requirement] = []
  /// Whether the targeting key is among the flag's targets; nil without targets, and when that was not asked any more.
  package var target: Target?
  /// All rules; those after the one that decided were not reached.
  package var rules: [Rule] = []
  /// What `otherwise` serves, when that was reached.
  package var otherwise: Serve?

  /// A flag enabled for a time.
  package struct Window: Hashable, Sendable {
    /// The first instant, if there is one.
    package var from: Timestamp?
    /// The first instant no more, if there is one.
    package var until: Timestamp?
    /// The moment of evaluation.
    package var now: Timestamp
  }

  /// A prerequisite.
  package struct Requirement: Hashable, Sendable {
    /// The variants that will do.
    package var variants: [String]
    /// Whether the other flag serves one of them.
    package var holds: Bool
    /// How the other flag decided.
    package var trace: Trace
  }

  /// A look at the flag's targets.
  package struct Target: Hashable, Sendable {
    /// The targeting key, if the context has one.
    package var targetingKey: String?
    /// The variant that this key gets, if it is among the targets.
    package var variant: String?
  }

  /// A rule.
  package struct Rule: Hashable, Sendable {
    /// The rule's name.
    package var name: String
    /// What became of it.
    package var outcome: Outcome
    /// Its condition; nil for everyone, and when it was not reached.
    package var when: Condition?
    /// Its share, when that was asked.
    package var share: Share?
    /// What it serves, when that was asked.
    package var serve: Serve?

    /// What became of a rule.
    package enum Outcome: String, Hashable, Sendable {
      /// It decided.
      case decided
      /// Its condition does not hold.
      case conditionFails
      /// The context is outside its share.
      case outsideShare
      /// The context lacks the value that the share or the serve hashes.
      case nothingToHash
      /// Something before it decided.
      case notReached
    }
  }

  /// A value hashed into a bucket.
  package struct Hash: Hashable, Sendable {
    /// The attribute that is hashed.
    package var by: String
    /// The seed.
    package var seed: String
    /// The context's value, if it has one.
    package var seen: JSONValue?
    /// The bucket; nil when there is no value, or one that is not hashed.
    package var bucket: Int?
  }

  /// A rule's share.
  package struct Share: Hashable, Sendable {
    /// The buckets that take part, from 0.
    package var buckets: Int
    /// The context's bucket.
    package var hash: Hash
    /// Whether the context takes part.
    package var holds: Bool
  }

  /// What a rule or `otherwise` serves.
  package struct Serve: Hashable, Sendable {
    /// The variant; nil when there was nothing to hash.
    package var variant: String?
    /// The hash that chose it; nil where there is one variant for all.
    package var hash: Hash?
    /// The buckets that get the variant, half-open; nil without a bucket.
    package var range: Range<Int>?
    /// Of a ramp, the moment of evaluation.
    package var now: Timestamp?
  }

  /// A condition.
  package indirect enum Condition: Hashable, Sendable {
    /// Holds when all do.
    case all([Condition])
    /// Holds when one does.
    case any([Condition])
    /// Holds when the other does not.
    case not(Condition)
    /// Holds when the context belongs to one of the segments.
    case segments([Segment])
    /// A test of an attribute.
    case test(Test)

    /// Whether it holds.
    package var holds: Bool {
      switch self {
      case .all(let children): children.allSatisfy(\.holds)
      case .any(let children): children.contains(where: \.holds)
      case .not(let child): !child.holds
      case .segments(let segments): segments.contains(where: \.holds)
      case .test(let test): test.holds
      }
    }
  }

  /// Membership in a segment.
  package struct Segment: Hashable, Sendable {
    /// The segment's key.
    package var key: String
    /// Whether the targeting key is listed.
    package var listing: Listing
    /// Its condition, if it has one and the lists did not decide.
    package var when: Condition?

    /// Where a targeting key is listed.
    package enum Listing: String, Hashable, Sendable {
      /// Nowhere: the condition decides.
      case unlisted
      /// Among those who always belong to it.
      case included
      /// Among those who never do.
      case excluded
    }

    /// Whether the context belongs to it.
    package var holds: Bool { listing == .included || listing == .unlisted && when?.holds == true }
  }

  /// A test of an attribute.
  package struct Test: Hashable, Sendable {
    /// The attribute.
    package var attribute: String
    /// The attribute's declared type.
    package var type: AttributeType
    /// Whether the attribute's values belong in no log.
    package var isPrivate: Bool
    /// The operator.
    package var op: ConditionOperator
    /// The operands; instants as texts.
    package var values: [JSONValue]
    /// Whether case is ignored.
    package var ignoresCase: Bool
    /// The context's value, if it has one; an instant as a text.
    package var seen: JSONValue?
    /// Whether that value is of the declared type; false when there is none.
    package var isTyped: Bool
    /// Whether the test holds.
    package var holds: Bool
  }
}
