internal import FlagSource
internal import YAML

extension PartOrigin {
  /// Where a field was written; the start of the file for what was not.
  func position(of path: FieldPath) -> SemanticChange.Position {
    switch self {
    case .segment(let segment, let file):
      return SemanticChange.Position(file, range(of: path, in: segment) ?? .wholeFile)
    case .flag(let definition, let file, let config, let configFile):
      if let range = range(of: path, in: definition) { return SemanticChange.Position(file, range) }
      if path != .whole, let config, let configFile {
        return SemanticChange.Position(configFile, range(of: path, in: config) ?? .wholeFile)
      }
      return SemanticChange.Position(file, .wholeFile)
    }
  }

  private func range(of path: FieldPath, in segment: Segment) -> SourceRange? {
    switch path {
    case .condition: segment.when?.range
    case .include: segment.include.first?.range ?? segment.includeFrom?.name.range
    case .exclude: segment.exclude.first?.range
    default: nil
    }
  }

  private func range(of path: FieldPath, in definition: Definition) -> SourceRange? {
    switch path {
    case .type: definition.type.range
    case .off: definition.off.range
    case .variant(let name): definition.variants.first { $0.name.value == name }?.name.range
    case .metadata("kind"): definition.kind?.range
    case .metadata("owner"): definition.owner?.range
    case .metadata: definition.tags.first?.range
    default: nil
    }
  }

  private func range(of path: FieldPath, in config: EnvironmentConfig) -> SourceRange? {
    switch path {
    case .enabled: return config.enabled.range
    case .otherwise: return config.otherwise.range
    case .requirement(let flag): return config.requires.first { $0.flag.value == flag }?.flag.range
    case .targets(let variant): return config.targets.first { $0.variant.value == variant }?.variant.range
    case .ruleOrder: return config.rules.first?.range
    case .rule(let name, let occurrence, let field):
      let rules = config.rules.filter { $0.name.value == name }
      guard rules.indices.contains(occurrence) else { return nil }
      let rule = rules[occurrence]
      switch field {
      case .when: return rule.when?.range ?? rule.range
      case .share: return rule.share?.percentage.range ?? rule.range
      case .serve: return rule.serve.range
      case nil: return rule.range
      }
    default: return nil
    }
  }
}
