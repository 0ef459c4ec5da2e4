internal import Ensign
package import FlagSource

/// Resolves a checked tree for one environment: names, shorthands and defaults become what a snapshot says.
///
/// Flags come first, in any number of slices, then the frame around them, which needs to know what they use.
package struct EnvironmentResolver {
  private let tree: FlagsTree
  private let environment: String
  /// Positions in the tree's configs by flag key.
  private let configs: [String: Int]
  private var conditions = ConditionResolver()

  /// A resolver that has seen no flag yet.
  package init(_ checked: CheckedTree, environment: String) { self.init(checked.tree, environment: environment) }

  private init(_ tree: FlagsTree, environment: String) {
    self.tree = tree
    self.environment = environment
    configs = tree.configIndex[environment] ?? [:]
  }

  /// The positions of the definitions of flags that are not archived, in the order in which snapshots have them.
  package static func livingFlags(of checked: CheckedTree) -> [Int] {
    let definitions = checked.tree.definitions
    // Keys are ASCII, for which the order of bytes is that of members. Places are sorted, because definitions are large.
    return definitions.indices.filter { !definitions[$0].isArchived }.map { (key: definitions[$0].key, index: $0) }
      .sorted { UTF8Order.precedes($0.key, $1.key) }.map(\.index)
  }

  /// What a flag of the tree does in the environment.
  package mutating func resolve(_ definition: ResolvedDefinition) -> ResolvedFlag {
    guard let position = configs[definition.key] else { return Self.disabled(definition) }
    // Borrowed: a config is dozens of references to count.
    let configs = tree.configs
    return resolve(definition, configs.span[position])
  }

  /// What the flags that were resolved so far use.
  package var uses: ConditionUses { conditions.uses }

  /// All of the environment's snapshot but the flags, which use no more than `uses`.
  package static func frame(
    around uses: ConditionUses, of checked: CheckedTree, environment: String
  ) -> ResolvedFrame {
    let tree = checked.tree
    var resolver = EnvironmentResolver(tree, environment: environment)
    resolver.conditions = ConditionResolver(uses)
    let segments = resolver.resolveSegments()
    let attributes = resolver.uses.attributes.compactMap { tree.manifest.attributes[$0] }
      .sorted { CanonicalJSON.precedes($0.name.value, $1.name.value) }
    return ResolvedFrame(
      project: tree.manifest.project.value, environment: environment,
      attributes: attributes.map { ($0.name.value, $0.type.value) },
      privateAttributes: UTF8Order.unique(attributes.filter(\.isPrivate).map(\.name.value)), segments: segments)
  }

  /// What one flag does, from its own files alone.
  ///
  /// - Parameter config: nil where the flag has none: it is disabled there.
  static func resolve(_ definition: Definition, _ config: EnvironmentConfig?, in tree: FlagsTree) -> ResolvedFlag {
    let definition = ResolvedDefinition(definition)
    guard let config else { return disabled(definition) }
    var resolver = EnvironmentResolver(tree, environment: config.environment)
    return resolver.resolve(definition, config)
  }

  private static func disabled(_ definition: ResolvedDefinition) -> ResolvedFlag {
    ResolvedFlag(
      definition: definition, enabled: .never, requires: [], targets: [], rules: [],
      otherwise: .variant(definition.off))
  }

  private mutating func resolve(
    _ definition: ResolvedDefinition, _ config: borrowing EnvironmentConfig
  ) -> ResolvedFlag {
    let key = definition.key
    return ResolvedFlag(
      definition: definition, enabled: Self.resolve(config.enabled.value),
      requires: config.requires.map { ($0.flag.value, UTF8Order.unique($0.variants.map(\.value))) }
        .sorted { UTF8Order.precedes($0.0, $1.0) },
      targets: config.targets.map { ($0.variant.value, UTF8Order.unique($0.keys.map(\.value))) }
        .filter { !$0.1.isEmpty }.sorted { UTF8Order.precedes($0.0, $1.0) },
      rules: config.rules.map { resolve($0, flag: key) }, otherwise: resolve(config.otherwise.value, flag: key))
  }

  private static func resolve(_ enabled: EnvironmentConfig.Enabled) -> ResolvedFlag.Enabled {
    switch enabled {
    case .always: .always
    case .never: .never
    case .between(let from, let until): .between(from: from?.value, until: until?.value)
    }
  }

  private mutating func resolve(_ rule: EnvironmentConfig.Rule, flag: String) -> ResolvedRule {
    let share = rule.share.flatMap { ServeResolver.resolve($0, beside: rule.serve.value, flag: flag) }
    if let share { conditions.use(share.hashing.by) }
    return ResolvedRule(
      name: rule.name.value, when: rule.when.map { conditions.resolve($0.value) }, share: share,
      serve: resolve(rule.serve.value, flag: flag))
  }

  private mutating func resolve(_ serve: EnvironmentConfig.Serve, flag: String) -> ResolvedServe {
    let resolved = ServeResolver.resolve(serve, flag: flag)
    switch resolved {
    case .variant: break
    case .ranges(_, let hashing), .ramp(_, let hashing): conditions.use(hashing.by)
    }
    return resolved
  }

  /// The segments that the flags use and those that these use, each once.
  private mutating func resolveSegments() -> [ResolvedSegment] {
    var resolved: [String: ResolvedSegment] = [:]
    var waiting = conditions.takeSegments()
    while let key = waiting.popFirst() {
      guard resolved[key] == nil, let segment = tree.segment(key) else { continue }
      resolved[key] = ResolvedSegment(
        key: key, include: SegmentKeys(segment.include, listed: segment.includeFrom),
        exclude: SegmentKeys(segment.exclude), when: segment.when.map { conditions.resolve($0.value) })
      waiting.formUnion(conditions.takeSegments())
    }
    return resolved.values.sorted { UTF8Order.precedes($0.key, $1.key) }
  }
}
