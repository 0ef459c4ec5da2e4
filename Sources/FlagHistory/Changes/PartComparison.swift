internal import Ensign
internal import FlagSource

/// What differs between two states of one flag in one environment, or of one segment.
struct PartComparison {
  private let subject: SemanticChange.Subject
  private let environment: String?
  private let words: ChangeText
  /// In the order in which people read a flag.
  private(set) var changes: [SemanticChange] = []

  init(
    _ subject: SemanticChange.Subject, environment: String?, _ before: PartState, _ after: PartState,
    _ words: ChangeText
  ) {
    self.subject = subject
    self.environment = environment
    self.words = words
    if PartState.areEqual(before, after) { return }
    guard case .compiled(let old) = before, case .compiled(let new) = after else {
      changes = [whole(before, after)]
      return
    }
    let fields = CompiledFields.ofDifferentMembers(old, new)
    changes = CompiledFields.differences(fields.0, fields.1).map { difference in
      let narrowed = Self.narrowed(difference)
      return change(
        narrowed, text: words.text(narrowed),
        before: difference.before.map { _ in old.origin.position(of: narrowed.path) },
        after: difference.after.map { _ in new.origin.position(of: narrowed.path) })
    }
  }

  private func change(
    _ difference: CompiledFields.Difference, text: String, before: SemanticChange.Position?,
    after: SemanticChange.Position?
  ) -> SemanticChange {
    SemanticChange(
      subject: subject, environment: environment, path: difference.path, before: difference.before,
      after: difference.after, text: text, positionBefore: before, positionAfter: after)
  }

  /// Of lists of keys only those that differ: a list may have a million.
  static func narrowed(_ difference: CompiledFields.Difference) -> CompiledFields.Difference {
    switch difference.path {
    case .targets, .include, .exclude: break
    default: return difference
    }
    func keys(_ value: JSONValue?, without other: JSONValue?) -> JSONValue? {
      let others = Set(other?.array ?? [])
      let rest = (value?.array ?? []).filter { !others.contains($0) }
      return rest.isEmpty ? nil : .array(rest)
    }
    return (
      difference.path, keys(difference.before, without: difference.after),
      keys(difference.after, without: difference.before)
    )
  }

  // MARK: Coming, going, and mistakes

  private func whole(_ before: PartState, _ after: PartState) -> SemanticChange {
    change(
      (.whole, before.value, after.value), text: text(before, after), before: before.position, after: after.position)
  }

  private func text(_ before: PartState, _ after: PartState) -> String {
    switch (before, after) {
    case (_, .unreadable(let problem)): return "cannot be read: \(problem.text)"
    case (_, .absent(let isArchived)): return isArchived ? "archived" : "removed"
    case (.unreadable, .compiled): return "can be read again: " + summary(after)
    case (.absent(let wasArchived), .compiled):
      return (wasArchived ? "no longer archived: " : "added: ") + summary(after)
    case (.compiled, .compiled): return ""
    }
  }

  /// A compiled part in a few words.
  private func summary(_ state: PartState) -> String {
    guard let value = state.value else { return "" }
    if case .segment = subject {
      let keys = value["include"]?.array?.count ?? 0
      let parts = [
        value["when"].map { words.after.condition($0) }, keys == 0 ? nil : keys == 1 ? "1 key" : "\(keys) keys",
      ]
      return parts.compactMap { $0 }.joined(separator: ", or ")
    }
    let rules = value["rules"]?.array?.count ?? 0
    let count = rules == 0 ? "" : rules == 1 ? ", 1 rule" : ", \(rules) rules"
    return "\(words.after.enabled(value["enabled"]))\(count), otherwise \(words.after.serve(value["otherwise"]))"
  }
}

extension PartState {
  /// The part as the snapshot has it.
  var value: JSONValue? {
    guard case .compiled(let part) = self else { return nil }
    return part.value
  }

  /// Where the part or its mistake stands.
  fileprivate var position: SemanticChange.Position? {
    switch self {
    case .absent: nil
    case .unreadable(let problem): problem.position
    case .compiled(let part): part.origin.position(of: .whole)
    }
  }
}

extension CompiledPart {
  /// The part as the snapshot has it.
  var value: JSONValue {
    // Our own compiler wrote it: it parses, and has one member.
    (try? JSONValue(parsing: json))?.object?.first?.value ?? .null
  }

  /// The part taken apart.
  var fields: CompiledFields { CompiledFields(of: value, as: origin) }
}
