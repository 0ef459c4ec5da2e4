internal import YAML

extension FileParser {
  /// Takes a mapping of known keys apart.
  ///
  /// Unknown keys are reported with the nearest known one (as `makeFinding` says, if it is given), missing ones at the first key of the mapping. Nil when the
  /// node is no mapping.
  mutating func fields<Key: MappingKey>(
    _ node: Document.Node, _: Key.Type, orElse wanted: @autoclosure () -> Wanted,
    unknown makeFinding: ((_ key: String, _ nearest: String?, Place) -> Finding)? = nil
  ) -> Fields? {
    guard isMapping(node, orElse: wanted()) else { return nil }
    let table = Key.table
    var fields = Fields(of: node, Key.self)
    var unknown: [Document.Node] = []
    for (key, _) in node.entries {
      if let position = key.withUTF8({ table.position(of: $0) }) {
        fields.set(position, key: key)
      } else {
        unknown.append(key)
      }
    }
    let isComplete = table.isRequired.indices.allSatisfy { !table.isRequired[$0] || fields.has($0) }
    if !unknown.isEmpty || !isComplete { reportKeys(of: node, Key.self, fields, unknown: unknown, makeFinding) }
    return fields
  }

  /// Reports keys that a mapping should not have, and those that it lacks.
  ///
  /// It stands apart because there is one for each kind of mapping, and a file without findings needs none of them.
  @inline(never)
  private mutating func reportKeys<Key: MappingKey>(
    of node: Document.Node, _: Key.Type, _ fields: Fields, unknown: [Document.Node],
    _ makeFinding: ((_ key: String, _ nearest: String?, Place) -> Finding)?
  ) {
    let table = Key.table
    var mistyped: Set<String> = []
    for key in unknown {
      let missing = table.indices.filter { !fields.has($0) }.map { table[$0].rawValue }
      let nearest = NearestName.find(key.text, among: missing)
      if let nearest { mistyped.insert(nearest) }
      report(
        makeFinding?(key.text, nearest, place(key))
          ?? .unknownKey(
            key.text, in: Key.mapping.description, allowed: Key.allCases.map(\.rawValue), nearest: nearest,
            at: place(key)))
    }
    for (position, isRequired) in table.isRequired.enumerated() where isRequired && !fields.has(position) {
      // A required key that is there under a mistyped name is not missing too.
      let key = table[position]
      guard !mistyped.contains(key.rawValue) else { continue }
      report(.missingKey(key.rawValue, key.keyShape, in: Key.mapping.description, at: placeOfHead(node)))
    }
  }

  /// Whether a node is a mapping; reported when it is not.
  mutating func isMapping(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Bool {
    guard node.kind != .mapping else { return true }
    report(.wrongType(wanted(), found: node, at: place(node)))
    return false
  }

  /// Whether a node is a list; reported when it is not.
  mutating func isList(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Bool {
    guard node.kind != .sequence else { return true }
    report(.wrongType(wanted(), found: node, at: place(node)))
    return false
  }

  /// Whether a node is a list of at least one element; reported when it is not.
  mutating func isFilledList(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Bool {
    guard isList(node, orElse: wanted()) else { return false }
    guard node.count == 0 else { return true }
    report(.wrongType(wanted(), found: node, at: place(node)))
    return false
  }

  /// Where a mapping begins: its first key, so that a finding about the whole does not point at all its lines.
  func placeOfHead(_ node: Document.Node) -> Place {
    if node.style == .block, let first = node.entries.first(where: { _ in true }) { return place(first.key) }
    return place(node)
  }

  /// The elements of a list, or the one value that stands in its place.
  mutating func elementsOrOne(
    _ node: Document.Node, orElse wanted: @autoclosure () -> Wanted
  ) -> [Document.Node] {
    if node.kind == .sequence { return isFilledList(node, orElse: wanted()) ? Array(node.elements) : [] }
    return [node]
  }
}
