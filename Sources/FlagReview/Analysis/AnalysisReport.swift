internal import Ensign
package import FlagCompiler
internal import FlagImpact
package import FlagSource

/// What the analysis of flags finds in one version of a tree.
package struct AnalysisReport: Sendable {
  /// Findings of the rules of the stage ``Rule/Stage/analysis``, in no order; comments may take them back.
  package var findings: [Finding]
  /// Rules of which it is open whether they decide for anybody, or make a difference: `environment/flag/rule`.
  package var undecided: [String]
  /// How many rules were looked at.
  package var ruleCount: Int
  /// Contexts for which the evaluator gave something else than the analysis, and what it cannot read: defects of this
  /// program, to be reported loudly.
  package var disagreements: [String]

  /// Analyses flags.
  ///
  /// - Parameters:
  ///   - tree: the tree that was compiled.
  ///   - environments: its snapshots.
  ///   - flags: the keys of the flags to look at; nil for all.
  ///   - unchangedDays: for how many days nobody has changed what a flag does in an environment; nil where nobody knows.
  package init(
    of tree: FlagsTree, compiledTo environments: [CompiledEnvironment], flags: Set<String>? = nil,
    unchangedDays: (_ flag: String, _ environment: String) -> Int? = { _, _ in nil }
  ) {
    (findings, undecided, ruleCount, disagreements) = ([], [], 0, [])
    for environment in environments { add(environment, of: tree, flags: flags, unchangedDays: unchangedDays) }
  }

  private mutating func add(
    _ environment: CompiledEnvironment, of tree: FlagsTree, flags: Set<String>?,
    unchangedDays: (_ flag: String, _ environment: String) -> Int?
  ) {
    if flags?.isEmpty == true { return }
    let enabled: AnalyzedEnvironment
    do {
      enabled = try EnabledEnvironment.make(from: environment.bytes, flags: flags)
    } catch {
      disagreements.append("The flags of \(environment.environment) cannot be read again as if they were on: \(error).")
      return
    }
    let keys = flags.map { flags in enabled.flagKeys.filter(flags.contains) } ?? enabled.flagKeys
    for analysis in FlagAnalysis.analyze(keys, in: enabled) {
      guard let config = tree.config(of: analysis.key, in: environment.environment) else { continue }
      findings += AnalysisFindings.findings(of: analysis, in: config)
      ruleCount += analysis.rules.count
      undecided += analysis.rules.filter(\.isUndecided).map { "\(config.environment)/\(config.flag)/\($0.name)" }
      disagreements += analysis.disagreements
      // Before the last environment flags are constant for long, and rightly so.
      if config.environment == tree.manifest.environments.last?.value,
        let definition = tree.definition(of: config.flag), let days = unchangedDays(config.flag, config.environment),
        let variant = Self.onlyVariant(analysis, config, definition),
        let finding = AnalysisFindings.constant(config, of: definition, variant: variant, days: days)
      {
        findings.append(finding)
      }
    }
  }

  /// The one variant that everyone gets; nil when there are several.
  private static func onlyVariant(
    _ analysis: FlagAnalysis, _ config: EnvironmentConfig, _ definition: Definition
  ) -> String? {
    switch config.enabled.value {
    case .never: definition.off.value
    // What the flags that it requires give is another question here, where all are switched on.
    case .always, .between: config.requires.isEmpty ? analysis.onlyVariant : nil
    }
  }
}

extension RuleAnalysis {
  fileprivate var isUndecided: Bool {
    if case .undecided = reachability { return true }
    if case .undecided = effect { return true }
    return false
  }
}
