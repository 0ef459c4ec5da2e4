internal import Ensign

/// The parts of a condition that may be taken out one at a time.
enum ConditionParts {
  /// All members of `all` and `any`, at any depth.
  static func removable(_ condition: JSONValue) -> [RuleAnalysis.RedundantCondition] {
    var parts: [RuleAnalysis.RedundantCondition] = []
    collect(condition, path: [], into: &parts)
    return parts
  }

  private static func collect(
    _ condition: JSONValue, path: [Int], into parts: inout [RuleAnalysis.RedundantCondition]
  ) {
    if let inner = condition["not"] { return collect(inner, path: path + [0], into: &parts) }
    for (name, isConjunct) in [("all", true), ("any", false)] {
      for (index, member) in (condition[name]?.array ?? []).enumerated() {
        let place = path + [index]
        parts.append(RuleAnalysis.RedundantCondition(path: place, condition: member, isConjunct: isConjunct))
        collect(member, path: place, into: &parts)
      }
    }
  }

  /// A condition without the part at a path; nil, for everyone, when nothing is left.
  static func removing(_ path: [Int], from condition: JSONValue) -> JSONValue? {
    guard let index = path.first else { return nil }
    let rest = Array(path.dropFirst())
    if let inner = condition["not"] { return removing(rest, from: inner).map { ["not": $0] } }
    for name in ["all", "any"] {
      guard var members = condition[name]?.array else { continue }
      if let member = rest.isEmpty ? nil : removing(rest, from: members[index]) {
        members[index] = member
      } else {
        members.remove(at: index)
      }
      return members.isEmpty ? nil : [JSONValue.Member(key: name, value: .array(members))].object
    }
    return condition
  }
}

extension [JSONValue.Member] {
  fileprivate var object: JSONValue { .object(self) }
}
