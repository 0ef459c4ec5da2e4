package import Ensign
package import Git

/// Who last set what: for every field of a flag in one environment, the commit that gave it the value it has.
///
/// A field is followed to the first parent that has the same value, and so on, until a commit whose parents all have
/// another one, or none: that commit set it. Commits in which the flag's files have a mistake are looked through.
package struct FlagBlame {
  /// A field of the flag.
  package struct Line {
    package var path: FieldPath
    /// In the form of the snapshot; nil for a rule's condition or share that is not there.
    package var value: JSONValue?
    /// The value in words.
    package var text: String
    /// Where it stands in the newest commit.
    package var position: SemanticChange.Position
    /// The commit that set it.
    package var commit: Commit
    /// Whether the history is cut off at that commit (a shallow clone), so that an older one may have set it.
    package var isCutOff: Bool
  }

  /// What there is to tell.
  package enum Outcome {
    /// The fields in the order in which people read a flag.
    case lines([Line])
    /// The newest commit has no such flag in that environment, or it is archived.
    case absent
    /// The flag's files have a mistake in the newest commit.
    case unreadable(String)
  }

  private let explorer: TreeExplorer
  private let flag: String
  private let environment: String

  package init(of flag: String, in environment: String, _ explorer: TreeExplorer) {
    self.explorer = explorer
    self.flag = flag
    self.environment = environment
  }

  /// Follows every field from the commit `id` back.
  package func trace(from id: ObjectID) throws(GitError) -> Outcome {
    let head = try explorer.repository.header(ofCommit: id)
    let tree = try explorer.flagsTree(in: head.tree)
    let part: CompiledPart
    switch try state(in: tree) {
    case .absent: return .absent
    case .unreadable(let problem): return .unreadable(problem.text)
    case .compiled(let compiled): part = compiled
    }
    let fields = part.fields.fields
    let found = try commits(of: Dictionary(fields.map { ($0.path, $0.value) }) { first, _ in first }, from: head)
    let words = CompiledWords(types: try explorer.manifest(of: tree).types, seed: flag)
    let boundary = try explorer.repository.shallowBoundary()
    var lines: [Line] = []
    for field in fields {
      guard let id = found[field.path] else { continue }
      let commit = try explorer.repository.commit(id)
      lines.append(
        Line(
          path: field.path, value: field.value, text: ChangeText.value(field.value, of: field.path, words),
          position: part.origin.position(of: field.path), commit: commit,
          isCutOff: boundary.contains(id) && !commit.parents.isEmpty))
    }
    return .lines(lines)
  }

  /// A commit that waits to be compared with its parents.
  private struct Waiting {
    var header: CommitHeader
    /// The fields that came this way, each with the oldest commit known to have its value: this one, or when the flag
    /// cannot be read here, one after it.
    var fields: [FieldPath: ObjectID]
  }

  /// The commit that set each of some fields.
  private func commits(
    of values: [FieldPath: JSONValue?], from head: CommitHeader
  ) throws(GitError) -> [FieldPath: ObjectID] {
    let boundary = try explorer.repository.shallowBoundary()
    var found: [FieldPath: ObjectID] = [:]
    var waiting = [head.id: Waiting(header: head, fields: values.mapValues { _ in head.id })]
    // Few commits wait at a time: one for each branch that some field came from.
    while let next = waiting.values.max(by: { $0.header.isOlder(than: $1.header) }) {
      waiting[next.header.id] = nil
      var rest = next.fields
      let parents = boundary.contains(next.header.id) ? [] : next.header.parents
      for id in parents where !rest.isEmpty {
        let parent = try explorer.repository.header(ofCommit: id)
        let inherited = try inherited(rest, values, from: parent, by: next.header)
        for path in inherited.keys { rest[path] = nil }
        if !inherited.isEmpty {
          waiting[id, default: Waiting(header: parent, fields: [:])].fields.merge(inherited) { $1 }
        }
      }
      found.merge(rest) { $1 }
    }
    return found
  }

  /// Those of some fields that a commit may have from a parent, in the form of ``Waiting/fields``.
  ///
  /// A parent whose files have a mistake is looked through: what it meant to say is not known, but mending it sets
  /// nothing.
  private func inherited(
    _ fields: [FieldPath: ObjectID], _ values: [FieldPath: JSONValue?], from parent: CommitHeader,
    by child: CommitHeader
  ) throws(GitError) -> [FieldPath: ObjectID] {
    func moved(_ owner: ObjectID) -> ObjectID { owner == child.id ? parent.id : owner }
    let tree = try explorer.flagsTree(in: parent.tree)
    let own = try explorer.flagsTree(in: child.tree)
    let delta = try TreeDelta(from: tree, to: own, within: HistoryScope(flag: flag), in: explorer.repository)
    if delta.isEmpty { return fields.mapValues(moved) }
    switch try state(in: tree) {
    case .absent: return [:]
    case .unreadable: return fields
    case .compiled(let part):
      let old = Dictionary(part.fields.fields.map { ($0.path, $0.value) }) { first, _ in first }
      return fields.filter { old[$0.key] == values[$0.key] }.mapValues { _ in parent.id }
    }
  }

  private func state(in tree: ObjectID?) throws(GitError) -> PartState {
    try explorer.flags([flag], in: tree)[flag]?.state(in: environment) ?? .absent(isArchived: false)
  }
}

extension CommitHeader {
  /// Whether this commit is older; of equally old ones, the one with the lesser id.
  fileprivate func isOlder(than other: CommitHeader) -> Bool {
    (seconds, id) < (other.seconds, other.id)
  }
}
