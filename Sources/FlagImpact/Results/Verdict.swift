/// What a change means for the contexts of an environment, in one word.
package enum Verdict: String, Hashable, Sendable, CaseIterable {
  /// Proven: no context gets another variant or another value.
  case equivalent
  /// Every context that moves leaves the `off` variant of before, for another one: nobody loses what they had.
  case growsOnly
  /// Every context that moves goes to the `off` variant of after.
  case shrinksOnly
  /// Contexts move in another way, or in both: between two variants that are not `off`, or a variant's value changed.
  case mixed
  /// The analysis did not finish, and what it found so far does not settle the question. Never a proof of anything.
  case undecided

  /// The verdict's words: `grows only`.
  package var words: String {
    switch self {
    case .growsOnly: "grows only"
    case .shrinksOnly: "shrinks only"
    default: rawValue
    }
  }

  /// The verdict of several changes together; `equivalent` of none.
  package static func combined(_ verdicts: some Sequence<Verdict>) -> Verdict {
    let all = Set(verdicts)
    if all.contains(.mixed) || all.isSuperset(of: [.growsOnly, .shrinksOnly]) { return .mixed }
    if all.contains(.undecided) { return .undecided }
    return all.first { $0 != .equivalent } ?? .equivalent
  }

  /// The verdict of two changes together.
  package func combined(with other: Verdict) -> Verdict { Verdict.combined([self, other]) }
}
