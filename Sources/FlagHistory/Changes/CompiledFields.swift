internal import Ensign

/// A compiled flag or segment, taken apart into the fields that can change on their own.
struct CompiledFields {
  /// The fields in the order in which people read a flag; values as the snapshot has them, nil for a rule's `when` and
  /// `share` that are not there.
  private(set) var fields: [(path: FieldPath, value: JSONValue?)] = []

  /// The fields of a flag, by its object in a snapshot.
  init(flag: JSONValue) {
    add(.type, flag["type"])
    for member in flag["variants"]?.object ?? [] { add(.variant(member.key), member.value) }
    add(.off, flag["off"])
    for member in flag["metadata"]?.object ?? [] { add(.metadata(member.key), member.value) }
    add(.enabled, flag["enabled"])
    for requirement in flag["requires"]?.array ?? [] {
      add(.requirement(requirement["flag"]?.string ?? ""), requirement["variants"])
    }
    for target in flag["targets"]?.array ?? [] { add(.targets(target["variant"]?.string ?? ""), target["keys"]) }
    let rules = flag["rules"]?.array ?? []
    if !rules.isEmpty { add(.ruleOrder, .array(rules.map { $0["name"] ?? .null })) }
    var counts: [String: Int] = [:]
    for rule in rules {
      let name = rule["name"]?.string ?? ""
      let occurrence = counts[name, default: 0]
      counts[name] = occurrence + 1
      for field in [FieldPath.RuleField.when, .share, .serve] {
        fields.append((.rule(name, occurrence: occurrence, field), rule[field.rawValue]))
      }
    }
    add(.otherwise, flag["otherwise"])
  }

  /// The fields of a segment, by its object in a snapshot.
  init(segment: JSONValue) {
    add(.include, segment["include"])
    add(.exclude, segment["exclude"])
    add(.condition, segment["when"])
  }

  private mutating func add(_ path: FieldPath, _ value: JSONValue?) {
    if let value { fields.append((path, value)) }
  }

  /// A field that differs, with its values on both sides.
  typealias Difference = (path: FieldPath, before: JSONValue?, after: JSONValue?)

  /// What differs, in the order of the fields; what is gone stands last.
  ///
  /// A rule that came or went is one difference, and so is a new order of the rules that stay.
  static func differences(_ before: CompiledFields, _ after: CompiledFields) -> [Difference] {
    // Most changes are of values: no field came, went or moved.
    if before.fields.elementsEqual(after.fields, by: { $0.path == $1.path }) {
      return zip(before.fields, after.fields).compactMap { old, new in
        old.value == new.value ? nil : (new.path, old.value, new.value)
      }
    }
    let old = before.byPath
    let new = after.byPath
    var differences: [Difference] = []
    func compare(_ path: FieldPath) {
      let (left, right) = (old[path], new[path])
      switch path {
      case .ruleOrder:
        let staysBefore = before.rules.filter { new[$0.serve] != nil }
        let staysAfter = after.rules.filter { old[$0.serve] != nil }
        if staysBefore != staysAfter { differences.append((path, left ?? nil, right ?? nil)) }
      case .rule(let name, let occurrence, let field) where left == nil || right == nil:
        // The rule as a whole, once: its parts come and go with it.
        guard field == .serve else { return }
        let (was, becomes) = (left == nil ? nil : before.rule(path), right == nil ? nil : after.rule(path))
        differences.append((.rule(name, occurrence: occurrence, nil), was, becomes))
      default:
        if left != right { differences.append((path, left ?? nil, right ?? nil)) }
      }
    }
    for field in after.fields { compare(field.path) }
    for field in before.fields where new[field.path] == nil { compare(field.path) }
    return differences
  }

  private var byPath: [FieldPath: JSONValue?] { Dictionary(fields.map { ($0.path, $0.value) }) { first, _ in first } }

  /// The rules in order.
  private var rules: [FieldPath.Rule] {
    fields.compactMap {
      if case .rule(let name, let occurrence, .serve) = $0.path {
        FieldPath.Rule(name: name, occurrence: occurrence)
      } else {
        nil
      }
    }
  }

  /// The rule that a field belongs to, put together again.
  private func rule(_ path: FieldPath) -> JSONValue? {
    guard case .rule(let name, let occurrence, _) = path else { return nil }
    let members = [FieldPath.RuleField.serve, .share, .when].compactMap { field -> JSONValue.Member? in
      let value = fields.first { $0.path == .rule(name, occurrence: occurrence, field) }?.value
      return value.map { JSONValue.Member(key: field.rawValue, value: $0) }
    }
    return .object([JSONValue.Member(key: "name", value: .string(name))] + members)
  }
}

extension FieldPath {
  /// A rule by its name and its place among those of one name.
  fileprivate struct Rule: Hashable {
    var name: String
    var occurrence: Int

    /// The one field that every rule has.
    var serve: FieldPath { .rule(name, occurrence: occurrence, .serve) }
  }
}
