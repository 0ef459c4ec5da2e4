package import Ensign
internal import FlagSource

/// What means something else between two snapshots of an environment.
package enum SnapshotComparison {
  /// The changes of flags, then of segments, each sorted by key.
  ///
  /// They have no positions: a snapshot does not know its files.
  ///
  /// - Parameters:
  ///   - before: a document that was loaded as a snapshot before.
  ///   - after: another one of the same environment.
  package static func changes(from before: [UInt8], to after: [UInt8]) throws(JSONError) -> [SemanticChange] {
    let (before, after) = (try JSONValue(parsing: before), try JSONValue(parsing: after))
    let environment = after["environment"]?.string
    var changes: [SemanticChange] = []
    forEachPair(before["flags"], after["flags"]) { key, old, new in
      let words = ChangeText(before: words(of: before, seed: key), after: words(of: after, seed: key))
      changes += Self.changes(
        of: .flag(key), in: environment, old, new, words, fields: { CompiledFields(flag: $0) }
      ) { "added: \(words.after.enabled($0["enabled"])), otherwise \(words.after.serve($0["otherwise"]))" }
    }
    forEachPair(before["segments"], after["segments"]) { key, old, new in
      let words = ChangeText(before: words(of: before), after: words(of: after))
      changes += Self.changes(
        of: .segment(key), in: environment, old, new, words, fields: { CompiledFields(segment: $0) }
      ) { _ in "in use" }
    }
    return changes
  }

  private static func changes(
    of subject: SemanticChange.Subject, in environment: String?, _ old: JSONValue?, _ new: JSONValue?,
    _ words: ChangeText, fields: (JSONValue) -> CompiledFields, added: (JSONValue) -> String
  ) -> [SemanticChange] {
    guard old != new else { return [] }
    func change(_ difference: CompiledFields.Difference, _ text: String) -> SemanticChange {
      SemanticChange(
        subject: subject, environment: environment, path: difference.path, before: difference.before,
        after: difference.after, text: text, positionBefore: nil, positionAfter: nil)
    }
    guard let old, let new else {
      // A segment that no flag uses is not in a snapshot, though it is in the tree.
      let gone = if case .segment = subject { "no longer in use" } else { "removed" }
      return [change((.whole, old, new), new.map(added) ?? gone)]
    }
    return CompiledFields.differences(fields(old), fields(new)).map { difference in
      let narrowed = PartComparison.narrowed(difference)
      return change(narrowed, words.text(narrowed))
    }
  }

  private static func words(of snapshot: JSONValue, seed: String? = nil) -> CompiledWords {
    var types: [String: FlagSource.AttributeType] = [:]
    for member in snapshot["attributes"]?.object ?? [] {
      types[member.key] = member.value.string.flatMap { FlagSource.AttributeType(rawValue: $0) }
    }
    return CompiledWords(types: types, seed: seed)
  }

  /// Calls `body` with what each name of either object has there, sorted as snapshots are.
  private static func forEachPair(
    _ left: JSONValue?, _ right: JSONValue?, _ body: (String, JSONValue?, JSONValue?) -> Void
  ) {
    let left = Dictionary((left?.object ?? []).map { ($0.key, $0.value) }) { $1 }
    let right = Dictionary((right?.object ?? []).map { ($0.key, $0.value) }) { $1 }
    for key in Set(left.keys).union(right.keys).sorted(by: CanonicalJSON.precedes) { body(key, left[key], right[key]) }
  }
}
