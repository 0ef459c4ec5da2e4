package import Ensign
package import YAML

extension Rule {
  package static let excessiveMove = Rule(
    code: "E073", name: "excessive-move", level: .error,
    summary: "A change moves more contexts at once than the policy allows.",
    explanation: """
      `maxMove` in the policy of an environment limits the part of each group of contexts that one change moves to \
      another variant. Go in smaller steps, with a look at the metrics after each. A flag that is disabled is never \
      stopped by it.
      """,
    badExample: Example(
      before: [Example.policy("maxMove: 25")], change: [Example.production(otherwise: "{split: {on: 50, off: 50}}")]),
    goodExample: Example(
      before: [Example.policy("maxMove: 25")], change: [Example.production(otherwise: "{split: {on: 20, off: 80}}")]),
    stage: .review)
}

extension Finding {
  /// - Parameters:
  ///   - moved: how much moves, such as `50 %`; nil when that is not known.
  ///   - region: who, in words.
  package static func excessiveMove(
    _ moved: String?, of region: String, limit: Percentage, at site: Site, _ range: SourceRange
  ) -> Finding {
    let flag = (site.flag ?? "").quoted
    let help = "go in smaller steps, or raise `maxMove` in a change of its own"
    guard let moved else {
      return site.finding(
        .excessiveMove,
        "it is not proven that flag \(flag) moves no more than \(limit) % of any group, which the policy allows",
        help: "make the conditions simpler, or the change smaller", at: range)
    }
    return site.finding(
      .excessiveMove, "flag \(flag) moves \(moved) of \(region), and the policy allows \(limit) %", help: help,
      at: range)
  }
}
