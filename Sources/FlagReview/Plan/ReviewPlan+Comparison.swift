package import Ensign
package import FlagCompiler
internal import FlagHistory
internal import FlagImpact
package import FlagSource

extension ReviewPlan {
  /// What a comparison of two trees takes.
  package struct Comparison: Sendable {
    /// The moment at which both sides are evaluated.
    package var moment: Timestamp
    /// Contexts of real users, to be counted; empty when there are none.
    package var population: [Context]
    /// What stands before the paths of the trees' files.
    package var prefix: String
    /// The only environment that is compared; nil for all.
    package var environment: String?

    package init(moment: Timestamp, population: [Context] = [], prefix: String, environment: String? = nil) {
      self.moment = moment
      self.population = population
      self.prefix = prefix
      self.environment = environment
    }
  }

  /// Compares two trees by what they are compiled to.
  ///
  /// - Parameter compiled: the snapshots of `after`, when they are at hand.
  /// - Throws: a tree that cannot be compiled.
  /// - Complexity: O(*n*) in the size of the compiled forms; only what differs is analysed.
  package init(
    from before: CheckedTree, to after: CheckedTree, compiledTo compiled: [CompiledEnvironment]? = nil,
    _ comparison: Comparison
  ) throws(CompilationError) {
    let names = (
      before.tree.manifest.environments.map(\.value), after.tree.manifest.environments.map(\.value)
    )
    var notes: [String] = []
    for name in names.1 where !names.0.contains(name) {
      notes.append("environment \(name) is new: there is nothing to compare")
    }
    for name in names.0 where !names.1.contains(name) {
      notes.append("environment \(name) is gone, and with it its snapshots")
    }
    let common = names.1.filter { names.0.contains($0) && (comparison.environment ?? $0) == $0 }
    let old = try SnapshotCompiler.compileAll(before, environments: common)
    let new: [CompiledEnvironment]
    if let compiled {
      new = compiled.filter { common.contains($0.environment) }
    } else {
      new = try SnapshotCompiler.compileAll(after, environments: common)
    }
    let trees = (before.tree, after.tree)
    let tested = Set(trees.1.tests.flatMap { test in test.environments.map { TestedFlag(test.flag.value, $0.value) } })
    var segments: Set<String> = []
    environments = zip(old, new).map { old, new in
      let plan = EnvironmentPlan(from: old, to: new, trees, comparison, tested: tested)
      segments.formUnion(plan.impact.segments.map(\.key))
      return plan
    }
    self.segments = segments.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.flatMap { key in
      TreeComparison.changes(
        of: .segment(key), in: [], from: trees.0, to: trees.1, prefix: comparison.prefix)
    }
    self.notes = notes
  }
}

/// A flag with an environment that a test is of.
private struct TestedFlag: Hashable {
  let flag: String
  let environment: String

  init(_ flag: String, _ environment: String) {
    self.flag = flag
    self.environment = environment
  }
}

extension EnvironmentPlan {
  fileprivate init(
    from before: CompiledEnvironment, to after: CompiledEnvironment, _ trees: (FlagsTree, FlagsTree),
    _ comparison: ReviewPlan.Comparison, tested: Set<TestedFlag>
  ) {
    let name = after.environment
    let manifest = trees.1.manifest
    environment = name
    isProtected =
      manifest.environments.last?.value == name || manifest.policy(of: name) != nil
      || trees.0.manifest.policy(of: name) != nil
    let (old, new) = (Self.analyzed(before), Self.analyzed(after))
    let impact = EnvironmentImpact.compare(old, new, at: comparison.moment)
    self.impact = impact
    let counts =
      comparison.population.isEmpty ? [] : impact.count(comparison.population, old, new, at: comparison.moment)
    let dependents = Dictionary(impact.prerequisites.map { ($0.key, $0.flags.count) }) { first, _ in first }
    let isProtected = isProtected
    flags = impact.flags.enumerated().map { index, flag in
      let changes =
        flag.change == .none
        ? []
        : TreeComparison.changes(
          of: .flag(flag.key), in: [name], from: trees.0, to: trees.1, prefix: comparison.prefix)
      let isTested = tested.contains(TestedFlag(flag.key, name))
      return FlagPlan(
        changes: changes, impact: flag, isKill: Self.isKill(flag.key, in: name, trees), isTested: isTested,
        risk: Risk(
          of: flag, isProtected: isProtected, isTested: isTested,
          dependents: dependents[flag.key] ?? 0),
        population: index < counts.count ? counts[index] : nil)
    }
  }

  private static func analyzed(_ compiled: CompiledEnvironment) -> AnalyzedEnvironment {
    do throws(JSONError) {
      return try AnalyzedEnvironment(bytes: compiled.bytes, snapshot: compiled.snapshot)
    } catch {
      // The compiler wrote these bytes, and the runtime library has just read them.
      preconditionFailure("a snapshot that loads is no JSON: \(error)")
    }
  }

  /// Whether the flag is disabled there now, and was not before.
  private static func isKill(_ flag: String, in environment: String, _ trees: (FlagsTree, FlagsTree)) -> Bool {
    guard let before = trees.0.config(of: flag, in: environment), let after = trees.1.config(of: flag, in: environment)
    else { return false }
    return after.enabled.value.isNever && !before.enabled.value.isNever
  }
}

extension EnvironmentConfig.Enabled {
  fileprivate var isNever: Bool { if case .never = self { true } else { false } }
}
