internal import Ensign
internal import FlagSource

/// What a change of the manifest means, but for what it does to flags.
enum ProjectChanges {
  static func find(_ old: ManifestReading, _ new: ManifestReading) -> [SemanticChange] {
    if let change = readability(old, new) { return [change] }
    var changes: [SemanticChange] = []
    func add(_ path: FieldPath, _ before: JSONValue?, _ after: JSONValue?, _ text: String) {
      let start = SemanticChange.Position(file: new.environments.isEmpty ? old.file : new.file, line: 1, column: 1)
      changes.append(
        SemanticChange(
          subject: .project, environment: nil, path: path, before: before, after: after, text: text,
          positionBefore: before == nil ? nil : start, positionAfter: after == nil ? nil : start))
    }
    if old.project != new.project {
      add(.projectName, name(old.project), name(new.project), "project " + arrow(old.project, new.project))
    }
    if old.environments != new.environments {
      let (left, right) = (old.environments.joined(separator: ", "), new.environments.joined(separator: ", "))
      add(.environments, list(old.environments), list(new.environments), "environments " + arrow(left, right))
    }
    let names = Set(old.attributes.keys).union(new.attributes.keys)
    for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let (before, after) = (old.attributes[name], new.attributes[name])
      if before == after { continue }
      add(.attribute(name), before?.json, after?.json, "attribute \(name): " + arrow(before?.words, after?.words))
    }
    return changes
  }

  /// The change when the manifest cannot be read on one side.
  private static func readability(_ old: ManifestReading, _ new: ManifestReading) -> SemanticChange? {
    guard old.problem != nil || new.problem != nil else { return nil }
    guard (old.problem == nil) != (new.problem == nil) else { return nil }
    return SemanticChange(
      subject: .project, environment: nil, path: .whole, before: nil, after: nil,
      text: new.problem.map { "cannot be read: \($0.text)" } ?? "can be read again",
      positionBefore: old.problem?.position, positionAfter: new.problem?.position)
  }

  private static func name(_ name: String) -> JSONValue? { name.isEmpty ? nil : .string(name) }

  private static func list(_ names: [String]) -> JSONValue? {
    names.isEmpty ? nil : .array(names.map(JSONValue.string))
  }

  private static func arrow(_ old: String?, _ new: String?) -> String {
    switch (old ?? "", new ?? "") {
    case ("", let new): "added: \(new)"
    case (let old, ""): "removed, was \(old)"
    case (let old, let new): "\(old) → \(new)"
    }
  }
}

extension ManifestReading.Attribute {
  fileprivate var words: String { type.rawValue + (isPrivate ? ", private" : "") }

  fileprivate var json: JSONValue {
    .object([
      JSONValue.Member(key: "private", value: .boolean(isPrivate)),
      JSONValue.Member(key: "type", value: .string(type.rawValue)),
    ])
  }
}
