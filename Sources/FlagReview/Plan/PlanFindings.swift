internal import Ensign
internal import FlagImpact
package import FlagSource
internal import YAML

extension ReviewPlan {
  /// The findings about what changes of the plan could have spared people.
  ///
  /// - Parameter tree: the tree after the change.
  package func findings(in tree: FlagsTree) -> [Finding] {
    environments.flatMap { environment in
      environment.flags.flatMap { flag -> [Finding] in
        guard let config = tree.config(of: flag.impact.key, in: environment.environment) else { return [] }
        return flag.impact.excesses.compactMap { $0.finding(in: config) }
      }
    }
  }
}

extension ExcessMovement {
  /// The ranges that move no more than they have to, in percent.
  var allocation: [Finding.AllocatedRange] {
    ranges.map { ($0.variant, Percentage(buckets: $0.from), Percentage(buckets: $0.to)) }
  }

  fileprivate func finding(in config: EnvironmentConfig) -> Finding? {
    guard let range = place.serve(in: config) else { return nil }
    var hashing: [(key: String, value: String)] = []
    if by != Context.targetingKeyName { hashing.append(("by", by)) }
    if seed != config.flag { hashing.append(("seed", seed)) }
    return .needlessMovement(
      ImpactWords.share(moved), unavoidable: ImpactWords.share(unavoidable), isRedealt: cause == .redealt,
      ranges: allocation,
      hashing: hashing, in: config, at: range)
  }
}

extension Evaluation.Place {
  /// Where the config says what is served there.
  fileprivate func serve(in config: EnvironmentConfig) -> SourceRange? {
    switch self {
    case .rule(let name): config.rules.first { $0.name.value == name }?.serve.range
    case .otherwise: config.otherwise.range
    case .disabled, .requires, .targets: nil
    }
  }
}
