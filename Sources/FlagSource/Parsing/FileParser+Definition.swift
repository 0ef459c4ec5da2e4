internal import Ensign
internal import YAML

extension FileParser {
  /// Reads a flag's definition; nil when it has no type, no variants or no `off`.
  mutating func definition(_ root: Document.Node, key: String) -> Definition? {
    let wanted = Wanted("the definition", "a mapping", example: "type: boolean")
    guard let fields = fields(root, DefinitionKey.self, orElse: wanted) else { return nil }
    let description = fields.value(DefinitionKey.description).flatMap {
      prose($0, orElse: Wanted(DefinitionKey.description))
    }
    let type = fields.value(DefinitionKey.type).flatMap { word($0, FlagType.self, orElse: Wanted(DefinitionKey.type)) }
    let variants = variants(fields, of: type)
    let off = fields.value(DefinitionKey.off).flatMap { name($0, orElse: Wanted(DefinitionKey.off)) }
    let owner = fields.value(DefinitionKey.owner).flatMap { label($0, orElse: Wanted(DefinitionKey.owner)) }
    let kind = fields.value(DefinitionKey.kind).flatMap { word($0, FlagKind.self, orElse: Wanted(DefinitionKey.kind)) }
    let tags = fields.value(DefinitionKey.tags).map { self.tags($0) } ?? []
    let expires = fields.value(DefinitionKey.expires).flatMap { date($0, orElse: Wanted(DefinitionKey.expires)) }
    let archived = fields.value(DefinitionKey.archived).flatMap { boolean($0, orElse: Wanted(DefinitionKey.archived)) }
    guard let type, let variants, let off else { return nil }
    return Definition(
      file: file, key: key, description: description, type: type, variants: variants, off: off, owner: owner,
      kind: kind, tags: tags, expires: expires, archived: archived)
  }

  private mutating func tags(_ node: Document.Node) -> [Located<String>] {
    guard isList(node, orElse: Wanted(DefinitionKey.tags)) else { return [] }
    var tags: [Located<String>] = []
    for element in node.elements {
      if let tag = label(element, orElse: Wanted("a tag", "a word", example: "checkout")) { tags.append(tag) }
    }
    return tags
  }

  private mutating func variants(_ fields: Fields, of type: Located<FlagType>?) -> [Variant]? {
    guard let node = fields.value(DefinitionKey.variants) else {
      guard let type else { return nil }
      guard type.value == .boolean else {
        let shape = DefinitionKey.variants.keyShape
        report(
          .missingKey(
            "variants", expected: shape.expected, example: "{a: …, b: …}",
            in: "a flag of type `\(type.value.rawValue)`", at: place(type.range)))
        return nil
      }
      return [(name: "on", value: true), (name: "off", value: false)].map { name, value in
        Variant(name: Located(name, at: type.range), value: Located(.boolean(value), at: type.range))
      }
    }
    guard isMapping(node, orElse: Wanted(DefinitionKey.variants)) else { return nil }
    guard node.count > 0 else {
      report(.wrongType(Wanted(DefinitionKey.variants), found: node, at: place(node)))
      return nil
    }
    var variants: [Variant] = []
    for (key, value) in node.entries {
      let name = name(key, orElse: Wanted("a variant's name", "a name", example: "on"))
      let value = variantValue(value, of: key.text, type?.value)
      if let name, let value { variants.append(Variant(name: name, value: value)) }
    }
    return variants
  }

  private mutating func variantValue(
    _ node: Document.Node, of variant: String, _ type: FlagType?
  ) -> Located<JSONValue>? {
    let isOfType: Bool =
      switch (type, node.kind, node.value) {
      case (nil, _, _): true
      case (.boolean, .scalar, .bool): true
      case (.string, .scalar, .string): true
      // An integer that 64 bits do not hold is read as a number; its finding is that it is out of range.
      case (.integer, .scalar, .number(let value)): abs(value) >= 0x1p53
      case (.integer, .scalar, .integer): true
      case (.number, .scalar, .integer), (.number, .scalar, .number): true
      case (.object, .mapping, _): true
      default: false
      }
    guard isOfType else {
      if let type { report(.variantOfAnotherType(variant, type: type, found: node, at: place(node))) }
      return nil
    }
    return json(node).map { Located($0, at: node.range) }
  }
}
