internal import Ensign
internal import FlagSource

/// All that one environment's snapshot says around its flags, with nothing left to look up.
///
/// Every list is in the order in which it is written; ``SnapshotWriter`` only spells it.
package struct ResolvedFrame {
  var project: String
  var environment: String
  /// The declared attributes that conditions, shares and serves use, in member order.
  var attributes: [(name: String, type: FlagSource.AttributeType)]
  /// Those of them that are private, sorted.
  var privateAttributes: [String]
  /// Those that flags use, directly or through others, in member order.
  var segments: [ResolvedSegment]
}

/// A flag in one environment.
package struct ResolvedFlag {
  package var definition: ResolvedDefinition
  var config: ResolvedConfig
}

/// What a flag does in one environment with every default written out, each list in the order in which it is written:
/// the compiler's middle stage.
struct ResolvedConfig {
  var enabled: Enabled
  /// Sorted by flag.
  var requires: [(flag: String, variants: [String])]
  /// Sorted by variant.
  var targets: [(variant: String, keys: [String])]
  /// In the author's order: the first match wins.
  var rules: [ResolvedRule]
  var otherwise: ResolvedServe

  /// What a flag does where it has no config.
  static func disabled(variant: String) -> ResolvedConfig {
    ResolvedConfig(enabled: .never, requires: [], targets: [], rules: [], otherwise: .variant(variant))
  }

  /// When the flag is on.
  enum Enabled {
    case always, never
    /// Half-open; at least one bound.
    case between(from: Timestamp?, until: Timestamp?)
  }
}

/// A rule whose hashes are named in full.
struct ResolvedRule {
  var name: String
  /// Canonical JSON; nil: everyone.
  var when: [UInt8]?
  /// Nil: all that match.
  var share: ResolvedShare?
  var serve: ResolvedServe
}

/// The part of the matching contexts that takes part.
struct ResolvedShare {
  /// Fewer than all buckets.
  var buckets: Int
  var hashing: ResolvedHashing
}

/// What is hashed: the attribute whose value decides, and the seed before it.
struct ResolvedHashing {
  var by: String
  var seed: String
}

/// What a context gets, in one of the three forms that a snapshot knows.
enum ResolvedServe {
  case variant(String)
  /// Covers all buckets once, in ascending order, neighbours of different variants.
  case ranges([Range], ResolvedHashing)
  case ramp(Ramp, ResolvedHashing)

  /// The buckets `from ..< to` of a variant; never empty.
  struct Range {
    var variant: String
    var from: Int
    var to: Int
  }

  /// A progressive rollout.
  struct Ramp {
    var variant: String
    var from: String
    var shape: EnvironmentConfig.Ramp.Shape
    var steps: [(at: Timestamp, buckets: Int)]
  }
}

/// A segment with its listed keys merged.
struct ResolvedSegment {
  var key: String
  /// Unique and sorted.
  var include: SegmentKeys
  /// Unique and sorted.
  var exclude: SegmentKeys
  /// Canonical JSON; nil: only the listed keys.
  var when: [UInt8]?
}
