internal import FlagCompiler
package import FlagSource

/// What means something else between two flags trees that are at hand, such as a working tree before and after an edit.
package enum TreeComparison {
  /// The changes of one flag or segment.
  ///
  /// - Parameters:
  ///   - environments: where to compare a flag, in this order.
  ///   - prefix: what stands before the paths of the trees' files in positions.
  package static func changes(
    of subject: SemanticChange.Subject, in environments: [String], from before: FlagsTree, to after: FlagsTree,
    prefix: String
  ) -> [SemanticChange] {
    switch subject {
    case .flag(let key):
      let words = ChangeText(before: words(of: before, seed: key), after: words(of: after, seed: key))
      return environments.flatMap { environment in
        PartComparison(
          subject, environment: environment, state(of: key, in: environment, before, prefix),
          state(of: key, in: environment, after, prefix), words
        ).changes
      }
    case .segment(let key):
      let words = ChangeText(before: words(of: before), after: words(of: after))
      return PartComparison(
        subject, environment: nil, state(of: key, before, prefix), state(of: key, after, prefix), words
      ).changes
    case .project: return []
    }
  }

  private static func words(of tree: FlagsTree, seed: String? = nil) -> CompiledWords {
    CompiledWords(types: tree.manifest.attributes.mapValues(\.type.value), seed: seed)
  }

  private static func state(
    of flag: String, in environment: String, _ tree: FlagsTree, _ prefix: String
  ) -> PartState {
    guard let definition = tree.definition(of: flag) else { return .absent(isArchived: false) }
    if definition.isArchived { return .absent(isArchived: true) }
    let config = tree.config(of: flag, in: environment)
    return .compiled(CompiledPart(definition, config, in: tree, prefix: prefix))
  }

  private static func state(of segment: String, _ tree: FlagsTree, _ prefix: String) -> PartState {
    guard let segment = tree.segment(segment) else { return .absent(isArchived: false) }
    return .compiled(CompiledPart(segment, in: tree, prefix: prefix))
  }
}
