package import FlagSource

/// What some configs say in snapshots, as canonical JSON: what compiling needs of them.
package struct WrittenConfigs: Sendable {
  /// In the order of the configs; nothing of those that nobody wants.
  let pairs: MemberPairs
  /// What they use and how long they are, by environment.
  let shares: [String: Share]

  /// An environment's share in the configs.
  struct Share: Sendable {
    var uses = ConditionUses()
    /// In bytes.
    var size = 0

    mutating func add(_ other: Share) {
      uses.formUnion(other.uses)
      size += other.size
    }
  }
}

/// Writes configs that have no error, so that they need not be kept.
package struct ConfigWriter: ConfigDigester {
  private let environments: [String]?
  private var writer: SnapshotWriter
  private var places: [MemberPairs.Place] = []
  private var shares: [String: WrittenConfigs.Share] = [:]
  /// The environment of the last config, and what its configs use.
  private var environment = ""
  private var resolver = EnvironmentResolver()
  /// Where its share begins.
  private var start = 0

  /// A writer of no config yet.
  ///
  /// - Parameter environments: those that are compiled; nil: all.
  package init(for environments: [String]? = nil) {
    self.environments = environments
    writer = SnapshotWriter(capacity: Self.usualSize)
  }

  /// About what the configs take that are read in one go.
  private static let usualSize = 32 << 10

  /// Writes the next config, whose environment is that of the last one as a rule.
  package mutating func add(_ config: borrowing EnvironmentConfig) {
    if config.environment != environment {
      endShare()
      environment = config.environment
    }
    let isWanted = environments?.contains(environment) ?? true
    places.append(isWanted ? writer.append(resolver.resolve(config)) : .none)
  }

  /// What was written.
  package consuming func digest() -> WrittenConfigs {
    endShare()
    return WrittenConfigs(pairs: MemberPairs(writer.bytes, places), shares: shares)
  }

  private mutating func endShare() {
    if writer.size > start {
      let share = WrittenConfigs.Share(uses: resolver.uses, size: writer.size - start)
      shares[environment, default: WrittenConfigs.Share()].add(share)
    }
    start = writer.size
    resolver = EnvironmentResolver()
  }
}
