package import Ensign
package import FlagSource
package import YAML

/// Which parts of the configs decided a flag test, and which did not.
///
/// The parts of a config are its `requires` and `targets` as wholes, each rule, and `otherwise`. A config that is never
/// enabled has none: no test could reach them.
package struct FlagTestCoverage: Sendable {
  /// The number of parts there are.
  package var partCount: Int
  /// The parts that decided no test, by environment in the manifest's order, by flag, then in the order of evaluation.
  package var undecided: [Part]

  /// The number of parts that decided a test.
  package var decidedCount: Int { partCount - undecided.count }

  /// A part of what a flag does in an environment.
  package struct Part: Sendable {
    package var environment: String
    package var flag: String
    package var place: Evaluation.Place
    package var file: FileReference
    package var range: SourceRange
  }

  /// Finds what is left after a run.
  ///
  /// - Parameter decided: per environment and flag what has decided.
  init(of tree: FlagsTree, decided: [String: [String: Set<Evaluation.Place>]]) {
    partCount = 0
    undecided = []
    let definitions = tree.definitions.filter { !$0.isArchived }.sorted { UTF8Order.precedes($0.key, $1.key) }
    for environment in tree.manifest.environments.map(\.value) {
      for definition in definitions {
        guard let config = tree.config(of: definition.key, in: environment) else { continue }
        let parts = Self.parts(of: config)
        let hit = decided[environment]?[definition.key] ?? []
        partCount += parts.count
        undecided += parts.filter { !hit.contains($0.place) }
      }
    }
  }

  private static func parts(of config: EnvironmentConfig) -> [Part] {
    if case .never = config.enabled.value { return [] }
    func part(_ place: Evaluation.Place, at range: SourceRange) -> Part {
      Part(environment: config.environment, flag: config.flag, place: place, file: config.file, range: range)
    }
    var parts: [Part] = []
    if let first = config.requires.first { parts.append(part(.requires, at: first.flag.range)) }
    if let first = config.targets.first(where: { !$0.keys.isEmpty }) {
      parts.append(part(.targets, at: first.variant.range))
    }
    parts += config.rules.map { part(.rule($0.name.value), at: $0.name.range) }
    parts.append(part(.otherwise, at: config.otherwise.range))
    return parts
  }
}
