internal import Ensign
internal import YAML

extension FileParser {
  /// What was read of `ensign.yaml`.
  struct ManifestReading {
    /// Nil when the project or the environments could not be read.
    var manifest: Manifest?
    /// False when some attribute could not be read.
    var hasAllAttributes = true
    /// False when some owner could not be read.
    var hasAllOwners = true
    /// True when nothing else of the tree can be judged by this version.
    var isOfNewerFormat = false
  }

  /// Reads `ensign.yaml`.
  mutating func manifest(_ root: Document.Node) -> ManifestReading {
    if let format = Self.newerFormat(of: root) {
      report(.unsupportedFormat(format.text, isNewer: true, at: place(format)))
      return ManifestReading(manifest: nil, hasAllAttributes: false, hasAllOwners: false, isOfNewerFormat: true)
    }
    let wanted = Wanted("the manifest", "a mapping", example: "format: 1")
    guard let fields = fields(root, ManifestKey.self, orElse: wanted) else {
      return ManifestReading(manifest: nil, hasAllAttributes: false, hasAllOwners: false)
    }
    if let format = fields.value(ManifestKey.format) { checkFormat(format) }
    let project = fields.value(ManifestKey.project).flatMap { name($0, orElse: Wanted(ManifestKey.project)) }
    let environments = fields.value(ManifestKey.environments).flatMap { self.environments($0) }
    var reading = ManifestReading()
    var attributes: [String: AttributeDeclaration] = [:]
    if let node = fields.value(ManifestKey.attributes) {
      (attributes, reading.hasAllAttributes) = self.attributes(node)
    } else if isBroken {
      // A mistyped `attributes` is unknown, and what it declares with it.
      reading.hasAllAttributes = false
    }
    var owners: [String: Located<Owner>] = [:]
    if let node = fields.value(ManifestKey.owners) {
      (owners, reading.hasAllOwners) = self.owners(node)
    } else if isBroken {
      reading.hasAllOwners = false
    }
    guard let project, let environments else { return reading }
    let names = PolicyNames(
      environments: environments.map(\.value), owners: reading.hasAllOwners ? owners.keys.sorted() : nil)
    let policies = fields.value(ManifestKey.policies).map { self.policies($0, names) }
    reading.manifest = Manifest(
      file: file, project: project, environments: environments, attributes: attributes, owners: owners,
      policies: policies ?? [])
    return reading
  }

  /// The number of a format that a later version knows; in it other keys may have other meanings.
  private static func newerFormat(of root: Document.Node) -> Document.Node? {
    for (key, value) in root.entries where key.textEquals(ManifestKey.format.rawValue) {
      if case .integer(let format) = value.value, format > 1 { return value }
    }
    return nil
  }

  private mutating func checkFormat(_ node: Document.Node) {
    guard case .integer(let format) = node.value else {
      report(.wrongType(Wanted(ManifestKey.format), found: node, at: place(node)))
      return
    }
    if format != 1 { report(.unsupportedFormat(node.text, isNewer: false, at: place(node))) }
  }

  private mutating func environments(_ node: Document.Node) -> [Located<String>]? {
    guard isFilledList(node, orElse: Wanted(ManifestKey.environments)) else { return nil }
    var environments: [Located<String>] = []
    for element in node.elements {
      guard let name = name(element, orElse: Wanted("an environment", "a name", example: "production")) else {
        continue
      }
      if let first = environments.first(where: { $0.value == name.value }) {
        report(.repeatedName(name.value, in: "`environments`", first: place(first.range), at: place(element)))
      } else {
        environments.append(name)
      }
    }
    // With some of them unknown, every folder of theirs would be reported.
    return environments.count == node.count ? environments : nil
  }

  private mutating func owners(_ node: Document.Node) -> (owners: [String: Located<Owner>], areAll: Bool) {
    guard isMapping(node, orElse: Wanted(ManifestKey.owners)) else { return ([:], false) }
    var owners: [String: Located<Owner>] = [:]
    for (key, value) in node.entries {
      guard let name = label(key, orElse: Wanted("an owner's name", "a name")) else { continue }
      var wanted: Wanted { Wanted("the owner \(name.value.quoted)", "a mapping", example: "{contact: \"#payments\"}") }
      guard let fields = fields(value, OwnerKey.self, orElse: wanted) else { continue }
      let contact = fields.value(OwnerKey.contact).flatMap { prose($0, orElse: Wanted(OwnerKey.contact)) }
      let members = fields.value(OwnerKey.members).map { self.members($0) }
      owners[name.value] = Located(Owner(contact: contact, members: members ?? []), at: key.range)
    }
    return (owners, owners.count == node.count)
  }

  private mutating func members(_ node: Document.Node) -> [String] {
    guard isFilledList(node, orElse: Wanted(OwnerKey.members)) else { return [] }
    var members: [String] = []
    for element in node.elements {
      if let member = string(element, orElse: Wanted("a member", "an email address", example: "ada@acme.example")) {
        members.append(member.value)
      }
    }
    return members
  }
}

// MARK: - Attributes

extension FileParser {
  private mutating func attributes(
    _ node: Document.Node
  ) -> (declarations: [String: AttributeDeclaration], areAll: Bool) {
    guard isMapping(node, orElse: Wanted(ManifestKey.attributes)) else { return ([:], false) }
    var declarations: [String: AttributeDeclaration] = [:]
    for (key, value) in node.entries {
      guard let name = attributeName(key) else { continue }
      var wanted: Wanted { Wanted("the attribute \(name.value.quoted)", "a mapping", example: "{type: string}") }
      guard let fields = fields(value, AttributeKey.self, orElse: wanted) else { continue }
      let isPrivate = fields.value(AttributeKey.private).flatMap { boolean($0, orElse: Wanted(AttributeKey.private)) }
      guard
        let type = fields.value(AttributeKey.type).flatMap({
          word($0, AttributeType.self, orElse: Wanted(AttributeKey.type))
        })
      else { continue }
      let values = fields.entry(AttributeKey.values).flatMap { self.closedValues($0, of: name.value, type.value) }
      declarations[name.value] = AttributeDeclaration(
        name: name, type: type, values: values, isPrivate: isPrivate?.value ?? false)
    }
    return (declarations, declarations.count == node.count)
  }

  /// The name of an attribute where it is declared: dots part the names of nested objects.
  private mutating func attributeName(_ node: Document.Node) -> Located<String>? {
    guard let name = label(node, orElse: Wanted("an attribute's name", "a name")) else { return nil }
    switch name.value {
    case AttributeDeclaration.targetingKey, AttributeDeclaration.now:
      report(
        .reservedName(
          name.value, "an attribute", help: "remove it: it is built in and needs no declaration", at: place(node)))
      return nil
    case let word where ConditionKey(rawValue: word) != nil:
      report(
        .reservedName(
          word, "an attribute", help: "choose another name: the word has a meaning in conditions", at: place(node)))
      return nil
    default:
      break
    }
    let parts = name.value.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let hasGap = parts.contains { $0.isEmpty }
    guard !hasGap, !name.value.utf8.contains(UInt8(ascii: " ")) else {
      let problem = hasGap ? "there is no name beside a dot" : "it contains a space"
      report(.invalidAttributeName(name.value, problem: problem, at: place(node)))
      return nil
    }
    return name
  }

  private mutating func closedValues(
    _ entry: (key: Document.Node, value: Document.Node), of attribute: String, _ type: AttributeType
  ) -> [Located<Operand>]? {
    switch type {
    case .string, .integer, .number, .version: break
    case .boolean, .timestamp, .ip, .list:
      report(
        .misplacedKey(
          "values", "attributes of type `\(type.rawValue)` have no closed set of values", help: "remove it",
          at: place(entry.key)))
      return nil
    }
    guard isFilledList(entry.value, orElse: Wanted(AttributeKey.values)) else { return nil }
    var values: [Located<Operand>] = []
    // A few are looked through, which takes less than the making of the hash table's type.
    let isLong = entry.value.count > 16
    var first: [Operand: SourceRange] = [:]
    for element in entry.value.elements {
      guard let operand = operand(element, of: attribute, type) else { continue }
      if let range = isLong ? first[operand.value] : values.first(where: { $0.value == operand.value })?.range {
        let subject = "the values of \(attribute.quoted)"
        report(.repeatedName(element.text, in: subject, first: place(range), at: place(element)))
      } else {
        values.append(operand)
        if isLong { first[operand.value] = element.range }
      }
    }
    // With some of them unknown, every use of those would be reported.
    return values.count == entry.value.count ? values : nil
  }
}

extension FileParser.ManifestReading {
  /// What was read of the manifest of a tree.
  ///
  /// - Parameter file: the place of the manifest among the files of another tree.
  init(of tree: FlagsTree, at file: FileReference) {
    var manifest = tree.manifest
    manifest.file = file
    self.manifest = manifest
    hasAllAttributes = !tree.broken.attributes
    hasAllOwners = !tree.broken.owners
  }
}
