internal import Ensign
internal import FlagHistory

/// Semantic changes, for people and as JSON.
struct ChangeList {
  let changes: [SemanticChange]

  /// How many lines people get to see of one commit.
  private static let shownLines = 20

  /// One line for each change; changes that are the same in several environments share one.
  ///
  /// - Parameter limit: whether to stop after a few lines, and say how many are left.
  func lines(_ style: Style, isLimited: Bool) -> [String] {
    var groups: [(change: SemanticChange, environments: [String])] = []
    var places: [Words: Int] = [:]
    for change in changes {
      let key = Words(subject: change.subject, path: change.path, text: change.text)
      if let place = places[key] {
        if let environment = change.environment { groups[place].environments.append(environment) }
      } else {
        places[key] = groups.count
        groups.append((change, change.environment.map { [$0] } ?? []))
      }
    }
    let shown = isLimited && groups.count > Self.shownLines ? groups.prefix(Self.shownLines - 1) : groups[...]
    var lines = shown.map { group in
      let place = group.environments.isEmpty ? "" : " (\(group.environments.joined(separator: ", ").printable))"
      return "\(style.bold(group.change.subject.words.printable))\(place): \(group.change.text.printable)"
    }
    if shown.count < groups.count {
      lines.append("… and \(Plural.of(groups.count - shown.count, "more change")); --verbose shows them")
    }
    return lines
  }

  /// What people read of a change, but for the environment.
  private struct Words: Hashable {
    var subject: SemanticChange.Subject
    var path: FieldPath
    var text: String
  }

  // MARK: JSON

  /// The members of each change, below `path`.
  static func fields(_ path: String) -> [JSONField] {
    [
      JSONField(path + "environment", "the environment, of a change of a flag"),
      JSONField(path + "flag", "the flag's key, of a change of a flag"),
      JSONField(path + "segment", "the segment's key, of a change of a segment; it concerns every environment"),
    ] + fieldsOfChange(path)
  }

  /// The members of a change whose subject is known.
  static func fieldsOfChange(_ path: String) -> [JSONField] {
    [
      JSONField(
        path + "path",
        "the field, such as rules.eu-premium.serve; empty when the whole came, went or cannot be read"),
      JSONField(
        path + "before",
        "the field's value in the form of the snapshot; of lists of keys those that are gone; absent when there was none"
      ),
      JSONField(
        path + "after", "the same afterwards; of lists of keys those that are new; absent when there is none"),
      JSONField(path + "text", "the change in words"),
      JSONField(path + "file", "the file that says so, or said so when it is gone"),
      JSONField(path + "line", "the line of the field in that file"),
      JSONField(path + "positions.before.file", "where the field stood; absent when it did not"),
      JSONField(path + "positions.before.line", "its line"),
      JSONField(path + "positions.before.column", "its column"),
      JSONField(path + "positions.after.file", "where the field stands; absent when it does not"),
      JSONField(path + "positions.after.line", "its line"),
      JSONField(path + "positions.after.column", "its column"),
    ]
  }

  /// Writes the changes as an array.
  func write(to json: inout CanonicalJSON) {
    json.array(nil, changes) { json, change in
      json.object { json in
        json.memberIfAny("environment", change.environment)
        switch change.subject {
        case .flag(let key): json.member("flag", key)
        case .segment(let key): json.member("segment", key)
        case .project: break
        }
        json.members(of: change)
      }
    }
  }
}

extension CanonicalJSON {
  /// Writes the members of a change but its subject.
  mutating func members(of change: SemanticChange) {
    member("path", change.path.text)
    if let before = change.before { member("before", before) }
    if let after = change.after { member("after", after) }
    member("text", change.text)
    if let position = change.positionAfter ?? change.positionBefore {
      member("file", position.file)
      member("line", position.line)
    }
    object("positions") { json in
      if let position = change.positionBefore { json.member("before", position) }
      if let position = change.positionAfter { json.member("after", position) }
    }
  }

  private mutating func member(_ name: String, _ position: SemanticChange.Position) {
    object(name) { json in
      json.member("file", position.file)
      json.member("line", position.line)
      json.member("column", position.column)
    }
  }
}

extension SemanticChange.Subject {
  /// The subject in a sentence.
  var words: String {
    switch self {
    case .flag(let key): key
    case .segment(let key): "segment \(key)"
    case .project: "project"
    }
  }
}
