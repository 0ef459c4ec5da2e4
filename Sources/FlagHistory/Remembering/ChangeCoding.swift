internal import Ensign

/// Changes as bytes, for what is remembered of a commit.
///
/// JSON with short names, in no form that anybody else may rely on: files of another program are not read.
enum ChangeCoding {
  /// The bytes of changes.
  static func encode(_ changes: [SemanticChange]) -> [UInt8] {
    var json = CanonicalJSON()
    json.array(nil, changes) { json, change in
      json.object { json in
        if let after = change.after { json.member("after", after) }
        if let before = change.before { json.member("before", before) }
        json.memberIfAny("environment", change.environment)
        if let position = change.positionAfter { json.member("new", encoded(position)) }
        if let position = change.positionBefore { json.member("old", encoded(position)) }
        json.member("path", encoded(change.path))
        json.member("subject", encoded(change.subject))
        json.member("text", change.text)
      }
    }
    return json.bytes
  }

  /// The changes that bytes stand for; nil when they are of no such form.
  static func decode(_ bytes: [UInt8]) -> [SemanticChange]? {
    guard let list = try? JSONValue(parsing: bytes), let elements = list.array else { return nil }
    var changes: [SemanticChange] = []
    changes.reserveCapacity(elements.count)
    for element in elements {
      guard let change = change(element) else { return nil }
      changes.append(change)
    }
    return changes
  }

  private static func change(_ value: JSONValue) -> SemanticChange? {
    guard let members = value.object else { return nil }
    var change = SemanticChange(subject: .project, path: .whole, text: "")
    var required = 3
    for member in members {
      switch member.key {
      case "after": change.after = member.value
      case "before": change.before = member.value
      case "environment":
        guard let environment = member.value.string else { return nil }
        change.environment = environment
      case "new", "old":
        guard let position = position(member.value) else { return nil }
        if member.key == "new" { change.positionAfter = position } else { change.positionBefore = position }
      case "path":
        guard let path = path(member.value) else { return nil }
        change.path = path
        required -= 1
      case "subject":
        guard let subject = subject(member.value) else { return nil }
        change.subject = subject
        required -= 1
      case "text":
        guard let text = member.value.string else { return nil }
        change.text = text
        required -= 1
      default: return nil
      }
    }
    return required == 0 ? change : nil
  }

  // MARK: Positions and subjects

  private static func encoded(_ position: SemanticChange.Position) -> JSONValue {
    .array([.string(position.file), .integer(Int64(position.line)), .integer(Int64(position.column))])
  }

  private static func position(_ value: JSONValue) -> SemanticChange.Position? {
    guard let file = value[0]?.string, let line = value[1]?.integer, let column = value[2]?.integer else { return nil }
    return SemanticChange.Position(file: file, line: Int(line), column: Int(column))
  }

  private static func encoded(_ subject: SemanticChange.Subject) -> JSONValue {
    switch subject {
    case .flag(let key): .array([.string("flag"), .string(key)])
    case .segment(let key): .array([.string("segment"), .string(key)])
    case .project: .array([.string("project")])
    }
  }

  private static func subject(_ value: JSONValue) -> SemanticChange.Subject? {
    switch (value[0]?.string, value[1]?.string) {
    case ("flag", .some(let key)): .flag(key)
    case ("segment", .some(let key)): .segment(key)
    case ("project", nil): .project
    default: nil
    }
  }

  // MARK: Paths

  /// The paths that are nothing but a word.
  private static let plain: [(String, FieldPath)] = [
    ("whole", .whole), ("type", .type), ("enabled", .enabled), ("off", .off), ("otherwise", .otherwise),
    ("ruleOrder", .ruleOrder), ("include", .include), ("exclude", .exclude), ("condition", .condition),
    ("projectName", .projectName), ("environments", .environments),
  ]

  private static func encoded(_ path: FieldPath) -> JSONValue {
    switch path {
    case .metadata(let name): return named("metadata", name)
    case .variant(let name): return named("variant", name)
    case .requirement(let flag): return named("requirement", flag)
    case .targets(let variant): return named("targets", variant)
    case .attribute(let name): return named("attribute", name)
    case .rule(let name, let occurrence, let field):
      let words = [JSONValue.string("rule"), .string(name), .integer(Int64(occurrence))]
      return .array(words + (field.map { [.string($0.rawValue)] } ?? []))
    case .whole, .type, .enabled, .off, .otherwise, .ruleOrder, .include, .exclude, .condition, .projectName,
      .environments:
      return .array(plain.filter { $0.1 == path }.map { .string($0.0) })
    }
  }

  private static func named(_ word: String, _ name: String) -> JSONValue { .array([.string(word), .string(name)]) }

  private static func path(_ value: JSONValue) -> FieldPath? {
    guard let word = value[0]?.string else { return nil }
    guard let name = value[1]?.string else { return plain.first { $0.0 == word }?.1 }
    switch word {
    case "metadata": return .metadata(name)
    case "variant": return .variant(name)
    case "requirement": return .requirement(name)
    case "targets": return .targets(name)
    case "attribute": return .attribute(name)
    case "rule":
      guard let occurrence = value[2]?.integer else { return nil }
      guard let field = value[3]?.string else { return .rule(name, occurrence: Int(occurrence), nil) }
      return FieldPath.RuleField(rawValue: field).map { .rule(name, occurrence: Int(occurrence), $0) }
    default: return nil
    }
  }
}
