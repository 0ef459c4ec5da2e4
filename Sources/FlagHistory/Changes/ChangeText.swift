internal import Ensign
internal import FlagSource

/// Changes and fields in words.
struct ChangeText {
  /// The words for values as they were.
  let before: CompiledWords
  /// The words for values as they are.
  let after: CompiledWords

  /// `rule eu-premium: on 10 % → 25 %`.
  func text(_ change: CompiledFields.Difference) -> String {
    let (path, old, new) = change
    switch path {
    case .whole, .projectName, .environments, .attribute: return ""
    case .enabled: return "\(before.enabled(old)) → \(after.enabled(new))"
    case .type: return "type " + arrow(old, new)
    case .off: return "off variant " + arrow(old, new)
    case .metadata(let name): return name + ": " + arrow(old, new)
    case .variant(let name): return "variant \(name): " + arrow(old, new)
    case .requirement(let flag): return "requires \(flag): " + requirement(old, new)
    case .targets(let variant): return "targets of \(variant): " + keys(old, new)
    case .ruleOrder: return "rules re-ordered: " + names(new)
    case .rule(let name, _, let field): return "rule \(name): " + rule(field, old, new)
    case .otherwise: return "otherwise " + serve(old, new)
    case .include: return "included keys: " + keys(old, new)
    case .exclude: return "excluded keys: " + keys(old, new)
    case .condition: return "condition: " + condition(old, new)
    }
  }

  /// A field's value as it is, without the field's name.
  static func value(_ value: JSONValue?, of path: FieldPath, _ words: CompiledWords) -> String {
    switch path {
    case .enabled: words.enabled(value)
    case .otherwise, .rule(_, _, .serve): words.serve(value)
    case .rule(_, _, .share): words.share(value)
    case .rule(_, _, .when), .condition: words.condition(value)
    case .requirement: (value?.array ?? []).map(words.word).joinedByOr
    case .targets, .include, .exclude: words.some(value?.array ?? [])
    case .ruleOrder: (value?.array ?? []).map(words.word).joined(separator: ", ")
    default: words.word(value)
    }
  }

  private func rule(_ field: FieldPath.RuleField?, _ old: JSONValue?, _ new: JSONValue?) -> String {
    switch field {
    case .when: return "when " + condition(old, new)
    case .share: return "share \(before.share(old)) → \(after.share(new))"
    case .serve: return serve(old, new)
    case nil:
      guard let new else { return "removed" }
      let share = new["share"].map { ", share \(after.share($0))" } ?? ""
      return "added: \(new["when"].map { "when \(after.condition($0))" } ?? "everyone")\(share) → "
        + after.serve(new["serve"])
    }
  }

  private func serve(_ old: JSONValue?, _ new: JSONValue?) -> String {
    after.serveChange(old, new)
  }

  private func condition(_ old: JSONValue?, _ new: JSONValue?) -> String {
    "\(before.condition(old)) → \(after.condition(new))"
  }

  private func requirement(_ old: JSONValue?, _ new: JSONValue?) -> String {
    let (left, right) = ((old?.array ?? []).map(before.word), (new?.array ?? []).map(after.word))
    if right.isEmpty { return "no longer" }
    return left.isEmpty ? right.joinedByOr : "\(left.joinedByOr) → \(right.joinedByOr)"
  }

  private func keys(_ removed: JSONValue?, _ added: JSONValue?) -> String {
    let parts = [
      added.map { "added \(after.some($0.array ?? []))" }, removed.map { "removed \(before.some($0.array ?? []))" },
    ]
    return parts.compactMap { $0 }.joined(separator: "; ")
  }

  private func names(_ value: JSONValue?) -> String { (value?.array ?? []).map(after.word).joined(separator: ", ") }

  private func arrow(_ old: JSONValue?, _ new: JSONValue?) -> String {
    switch (old, new) {
    case (nil, _): "added \(after.word(new))"
    case (_, nil): "removed, was \(before.word(old))"
    default: "\(before.word(old)) → \(after.word(new))"
    }
  }
}
