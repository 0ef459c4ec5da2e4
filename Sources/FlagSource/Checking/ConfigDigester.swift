/// Takes of some neighbouring configs of a tree what is needed of them, one after the other.
package protocol ConfigDigester: SendableMetatype {
  associatedtype Digest: Sendable

  /// Takes what is needed of the next config, which has no error, and is of a flag that is there and not archived.
  mutating func add(_ config: borrowing EnvironmentConfig)

  /// What was taken.
  consuming func digest() -> Digest
}

/// Takes nothing: for those who only want to know what is wrong.
package struct NoDigest: ConfigDigester {
  package init() {}

  package mutating func add(_ config: borrowing EnvironmentConfig) {}

  package consuming func digest() {}
}

/// Takes everything, also of configs that have errors.
struct WholeConfigs: ConfigDigester {
  private var configs: [EnvironmentConfig] = []

  init(capacity: Int) { configs.reserveCapacity(capacity) }

  mutating func add(_ config: borrowing EnvironmentConfig) { configs.append(copy config) }

  consuming func digest() -> [EnvironmentConfig] { configs }
}
