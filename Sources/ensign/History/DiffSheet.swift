internal import Ensign
internal import FlagHistory
internal import Git

/// The results of `diff`.
struct DiffSheet {
  let changes: [SemanticChange]
  let before: ObjectID
  let after: ObjectID

  /// The changes of one flag, one segment or the project.
  private typealias Part = (subject: SemanticChange.Subject, changes: [SemanticChange])

  /// The environments in which something differs, in the order in which they come.
  private var environments: [String] {
    var names: [String] = []
    for change in changes {
      if let name = change.environment, !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// The changes in an environment, or those that concern all of them, by their subject.
  private func parts(in environment: String?) -> [Part] {
    var parts: [Part] = []
    for change in changes where change.environment == environment {
      if parts.last?.subject == change.subject {
        parts[parts.count - 1].changes.append(change)
      } else {
        parts.append((change.subject, [change]))
      }
    }
    return parts
  }

  // MARK: Text

  func text(_ style: Style) -> String {
    var sections = environments.map { (heading: $0, parts: parts(in: $0)) }
    let everywhere = parts(in: nil)
    if !everywhere.isEmpty { sections.append(("every environment", everywhere)) }
    return sections.map { section in
      var text = style.bold(section.heading.printable) + "\n"
      for part in section.parts {
        for change in part.changes { text += "  \(part.subject.words.printable): \(change.text.printable)\n" }
      }
      return text
    }.joined(separator: "\n")
  }

  // MARK: JSON

  static let fields =
    [
      JSONField("before.commit", "the first commit's id, in full"),
      JSONField("after.commit", "the second commit's id, in full"),
      JSONField("environments[].environment", "an environment in which a flag differs"),
      JSONField("environments[].flags[].flag", "a flag that differs there, sorted by key"),
    ] + ChangeList.fieldsOfChange("environments[].flags[].changes[].") + [
      JSONField("segments[].segment", "a segment that differs, sorted by key; it concerns every environment")
    ] + ChangeList.fieldsOfChange("segments[].changes[].") + [
      JSONField("project[]", "what differs in the manifest; in the form of the changes of a flag")
    ] + ChangeList.fieldsOfChange("project[].")

  func document() -> [UInt8] {
    let everywhere = parts(in: nil)
    var json = CanonicalJSON()
    json.object { json in
      for (name, id) in [("before", before), ("after", after)] {
        json.object(name) { $0.member("commit", id.description) }
      }
      json.array("environments", environments) { json, environment in
        json.object { json in
          json.member("environment", environment)
          json.array("flags", parts(in: environment), Self.write)
        }
      }
      json.array("segments", everywhere.filter { $0.subject != .project }, Self.write)
      json.array("project", everywhere.first { $0.subject == .project }?.changes ?? [], Self.write)
    }
    return json.bytes + [0x0A]
  }

  private static func write(to json: inout CanonicalJSON, _ part: Part) {
    json.object { json in
      switch part.subject {
      case .flag(let key): json.member("flag", key)
      case .segment(let key): json.member("segment", key)
      case .project: break
      }
      json.array("changes", part.changes, Self.write)
    }
  }

  private static func write(to json: inout CanonicalJSON, _ change: SemanticChange) {
    json.object { $0.members(of: change) }
  }
}
