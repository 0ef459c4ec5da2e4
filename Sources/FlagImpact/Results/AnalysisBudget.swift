/// How much work an analysis may take.
///
/// Counted in steps and not in time, so that the same input gives the same answer on every machine. What does not fit is
/// called undecided, and said; it is never called unreachable or equivalent.
package struct AnalysisBudget: Hashable, Sendable {
  /// Steps for one flag; a million take about a quarter of a second.
  package var steps: Int

  /// A budget of so many steps.
  package init(steps: Int) { self.steps = steps }

  /// The usual one: well below a second for one flag.
  package static let standard = AnalysisBudget(steps: 3_000_000)
}
