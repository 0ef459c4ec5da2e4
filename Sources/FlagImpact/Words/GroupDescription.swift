internal import Ensign

/// What the contexts of a group that move alike have in common: one line of a plan.
enum GroupDescription {
  /// They are in some segments, or not in them, and in a box of cells.
  case region(memberships: [Membership], box: Region)
  /// These decide for them, and for nobody else; nil where a version has no flag.
  case decisions(before: Evaluation.Place?, after: Evaluation.Place?)
}

/// Whether contexts are in a segment.
struct Membership {
  let segment: String
  let kind: Kind

  enum Kind: String {
    case member = "in segment"
    case stranger = "not in segment"
    /// The segment is another one than before, and the contexts are in the new one only.
    case newcomer = "newly in segment"
    case leaver = "no longer in segment"
  }

  /// `in segment beta`.
  var words: String { "\(kind.rawValue) \(segment)" }
}

extension GroupDescription {
  /// `those for whom rule a decided and rule b decides now`, `those for whom no rule decides`.
  static func words(before: Evaluation.Place?, after: Evaluation.Place?) -> String {
    let parts: [String]
    if let after, isSame(before, after) {
      parts = [decision(after)]
    } else {
      parts = [before.map(pastDecision), after.map { "\(decision($0)) now" }].compactMap { $0 }
    }
    return "those for whom " + parts.joined(separator: " and ")
  }

  /// Whether two places are the same: names are compared byte by byte.
  static func isSame(_ left: Evaluation.Place?, _ right: Evaluation.Place?) -> Bool {
    if case .rule(let left) = left, case .rule(let right) = right { return ExactText(left) == ExactText(right) }
    return left == right
  }

  private static func decision(_ place: Evaluation.Place) -> String {
    switch place {
    case .rule(let name): "rule \(name) decides"
    case .disabled: "the flag is disabled"
    case .requires: "a required flag has another variant"
    case .targets: "a target decides"
    case .otherwise: "no rule decides"
    }
  }

  private static func pastDecision(_ place: Evaluation.Place) -> String {
    switch place {
    case .rule(let name): "rule \(name) decided"
    case .disabled: "the flag was disabled"
    case .requires: "a required flag had another variant"
    case .targets: "a target decided"
    case .otherwise: "no rule decided"
    }
  }
}
