internal import FlagCompiler
package import FlagSource

/// What means something else for one flag between two flags trees that are at hand, such as a working tree before and
/// after an edit.
package enum FlagComparison {
  /// The changes in some environments, in their order.
  ///
  /// - Parameter prefix: what stands before the paths of the trees' files in positions.
  package static func changes(
    of flag: String, in environments: [String], from before: FlagsTree, to after: FlagsTree, prefix: String
  ) -> [SemanticChange] {
    let words = ChangeText(before: words(for: flag, in: before), after: words(for: flag, in: after))
    return environments.flatMap { environment in
      PartComparison(
        .flag(flag), environment: environment, state(of: flag, in: environment, before, prefix),
        state(of: flag, in: environment, after, prefix), words
      ).changes
    }
  }

  private static func words(for flag: String, in tree: FlagsTree) -> CompiledWords {
    CompiledWords(types: tree.manifest.attributes.mapValues(\.type.value), seed: flag)
  }

  private static func state(
    of flag: String, in environment: String, _ tree: FlagsTree, _ prefix: String
  ) -> PartState {
    guard let definition = tree.definition(of: flag) else { return .absent(isArchived: false) }
    if definition.isArchived { return .absent(isArchived: true) }
    let config = tree.config(of: flag, in: environment)
    return .compiled(
      CompiledPart(
        json: PartCompiler.compile(definition, config, in: tree),
        origin: .flag(
          definition, path: prefix + tree.files.path(of: definition.file), config,
          configPath: config.map { prefix + tree.files.path(of: $0.file) })))
  }
}
