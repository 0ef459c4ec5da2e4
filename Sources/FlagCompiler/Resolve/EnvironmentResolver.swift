internal import Ensign
package import FlagSource

/// Resolves what configs say: names, shorthands and defaults become what a snapshot says.
///
/// The configs of an environment come first, in any number of parts, then the frame around them, which needs to know
/// what they use.
package struct EnvironmentResolver {
  private var conditions: ConditionResolver

  /// A resolver that has seen no config yet.
  package init() { conditions = ConditionResolver() }

  private init(_ uses: ConditionUses) { conditions = ConditionResolver(uses) }

  /// The positions of the definitions of flags that are not archived, in the order in which snapshots have them.
  package static func livingFlags(of tree: FlagsTree) -> [Int] {
    var living: [Int] = []
    // Keys are ASCII, for which the order of bytes is that of members.
    var keys = FlatTexts(count: tree.definitions.count)
    let definitions = tree.definitions
    for position in definitions.indices where !definitions.span[position].isArchived {
      living.append(position)
      keys.append(definitions.span[position].key.utf8)
    }
    return keys.order().map { living[$0] }
  }

  /// What the configs that were resolved so far use.
  package var uses: ConditionUses { conditions.uses }

  /// All of an environment's snapshot but the flags, which use no more than `uses`.
  ///
  /// - Parameter tree: need not have its configs.
  package static func frame(
    around uses: ConditionUses, of tree: FlagsTree, environment: String
  ) -> ResolvedFrame {
    var resolver = EnvironmentResolver(uses)
    let segments = resolver.resolveSegments(of: tree)
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
  package mutating func resolve(_ definition: Definition, _ config: EnvironmentConfig?) -> ResolvedFlag {
    let definition = ResolvedDefinition(definition)
    return ResolvedFlag(
      definition: definition, config: config.map { resolve($0) } ?? .disabled(variant: definition.off))
  }

  /// What a config says.
  mutating func resolve(_ config: borrowing EnvironmentConfig) -> ResolvedConfig {
    let key = config.flag
    return ResolvedConfig(
      enabled: Self.resolve(config.enabled.value),
      requires: config.requires.map { ($0.flag.value, UTF8Order.unique($0.variants.map(\.value))) }
        .sorted { UTF8Order.precedes($0.0, $1.0) },
      targets: config.targets.map { ($0.variant.value, UTF8Order.unique($0.keys.map(\.value))) }
        .filter { !$0.1.isEmpty }.sorted { UTF8Order.precedes($0.0, $1.0) },
      rules: config.rules.map { resolve($0, flag: key) }, otherwise: resolve(config.otherwise.value, flag: key))
  }

  private static func resolve(_ enabled: EnvironmentConfig.Enabled) -> ResolvedConfig.Enabled {
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
  private mutating func resolveSegments(of tree: FlagsTree) -> [ResolvedSegment] {
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
