internal import Ensign

/// A tree with what many checks ask of it, worked out once.
package final class TreeFacts: Sendable {
  /// The tree; checks ask ``configs`` about its configs, which it need not have.
  package let tree: FlagsTree
  /// The tree's configs, as far as other files depend on them; none while the configs themselves are checked.
  package let configs: ConfigOutlines
  /// The day on which flags expire or not.
  package let today: CalendarDate
  /// The files with errors of their own: what was not read from them may be anything.
  package let filesWithErrors: Set<FileReference>
  private let environments: Set<String>
  private let attributes: [String: AttributeFacts]
  /// The variants of flags that have too many of them to be looked through.
  private let manyVariants: [String: Set<String>]
  /// The rules of configs that have too many of them to be looked through, by the config's file.
  private let manyRules: [FileReference: Set<String>]
  /// The keys of all flags, for suggestions.
  let flagKeys: [String]
  /// The keys of all segments, for suggestions.
  let segmentKeys: [String]
  /// The names of all attributes, declared and built in, sorted.
  let attributeNames: [String]
  /// The names of the manifest's owners, sorted.
  let ownerNames: [String]
  /// The names of the manifest's environments, in its order.
  let environmentNames: [String]

  /// Works out the facts of a tree that has its configs.
  package convenience init(_ tree: FlagsTree, today: CalendarDate, filesWithErrors: Set<FileReference> = []) {
    var cursor = DefinitionCursor(of: tree)
    let outlines = tree.configs.map { config in
      let definition = cursor.position(ofDefinitionOf: config.flag)
      return ConfigOutline(config, definedAt: definition, key: config.flag)
    }
    let configs = ConfigOutlines(outlines, index: tree.configIndex)
    self.init(tree, configs, today: today, filesWithErrors: filesWithErrors)
  }

  /// Works out the facts.
  private init(_ tree: FlagsTree, _ configs: ConfigOutlines, today: CalendarDate, filesWithErrors: Set<FileReference>) {
    self.tree = tree
    self.configs = configs
    self.today = today
    self.filesWithErrors = filesWithErrors
    manyRules = Self.manyRules(of: configs)
    environments = Set(tree.manifest.environments.map(\.value))
    var attributes = tree.manifest.attributes.mapValues(AttributeFacts.init)
    attributes[AttributeDeclaration.targetingKey] = AttributeFacts(builtIn: .string)
    attributes[AttributeDeclaration.now] = AttributeFacts(builtIn: .timestamp)
    self.attributes = attributes
    var manyVariants: [String: Set<String>] = [:]
    var flagKeys: [String] = []
    flagKeys.reserveCapacity(tree.definitions.count)
    tree.forEachDefinition { definition in
      flagKeys.append(definition.key)
      if definition.variants.count > 16 {
        manyVariants[definition.key] = Set(definition.variants.map(\.name.value))
      }
    }
    self.manyVariants = manyVariants
    self.flagKeys = flagKeys
    segmentKeys = tree.segments.map(\.key)
    attributeNames = attributes.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    ownerNames = tree.manifest.owners.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    environmentNames = tree.manifest.environments.map(\.value)
  }

  /// The facts for checking a tree's configs, which it does not have.
  package convenience init(forConfigsOf tree: FlagsTree, today: CalendarDate) {
    self.init(tree, ConfigOutlines([], index: ConfigIndex()), today: today, filesWithErrors: [])
  }

  /// The facts of the same tree once its configs are known.
  ///
  /// - Parameter part: what was read of all files so far.
  init(_ facts: TreeFacts, _ configs: ConfigOutlines, _ part: TreePart) {
    var tree = facts.tree
    tree.broken.configs = part.broken.configs
    self.tree = tree
    self.configs = configs
    filesWithErrors = part.findings.filesWithErrors
    manyRules = Self.manyRules(of: configs)
    today = facts.today
    environments = facts.environments
    attributes = facts.attributes
    manyVariants = facts.manyVariants
    flagKeys = facts.flagKeys
    segmentKeys = facts.segmentKeys
    attributeNames = facts.attributeNames
    ownerNames = facts.ownerNames
    environmentNames = facts.environmentNames
  }

  private static func manyRules(of configs: ConfigOutlines) -> [FileReference: Set<String>] {
    var rules: [FileReference: Set<String>] = [:]
    let all = configs.all
    for index in all.indices where all.span[index].rules.count > 16 {
      rules[all.span[index].file] = Set(all.span[index].rules)
    }
    return rules
  }

  /// Whether the manifest has the environment.
  package func hasEnvironment(_ name: String) -> Bool { environments.contains(name) }

  /// The declared or built-in attribute of that name.
  package func attribute(_ name: String) -> AttributeFacts? { attributes[name] }

  /// Whether `definition` has a variant of that name.
  package func hasVariant(_ name: String, in definition: Definition) -> Bool {
    if definition.variants.count > 16, let names = manyVariants[definition.key] { return names.contains(name) }
    return definition.variants.contains { $0.name.value == name }
  }

  /// Whether `config` has a rule of that name.
  package func hasRule(_ name: String, in config: ConfigOutline) -> Bool {
    if let names = manyRules[config.file] { return names.contains(name) }
    return config.rules.contains(name)
  }

  /// Whether an environment has a config of the flag that is defined there.
  func isConfigured(definitionAt position: Int) -> Bool {
    environmentNames.contains { configs.index[$0][position] != nil }
  }

  /// Whether a file whose path begins with `folder` has an error of its own.
  func hasErrors(below folder: String) -> Bool {
    filesWithErrors.contains { tree.files.path(of: $0).hasPrefix(folder) }
  }
}

/// What checks ask of an attribute.
package final class AttributeFacts: Sendable {
  package let type: AttributeType
  package let isPrivate: Bool
  /// The declaration; nil for a built-in attribute.
  package let declaration: AttributeDeclaration?
  /// The closed set, nil when there is none.
  package let closedSet: Set<Operand>?

  init(_ declaration: AttributeDeclaration) {
    type = declaration.type.value
    isPrivate = declaration.isPrivate
    self.declaration = declaration
    closedSet = declaration.values.map { Set($0.lazy.map(\.value)) }
  }

  /// Whether the closed set has a text that equals `operand` but for case.
  func hasValueIgnoringCase(_ operand: Operand) -> Bool {
    guard case .string(let text) = operand else { return false }
    let folded = CaseFolding.fold(text)
    return closedSet?.contains { value in
      if case .string(let other) = value { CaseFolding.fold(other) == folded } else { false }
    } ?? false
  }

  init(builtIn type: AttributeType) {
    self.type = type
    isPrivate = false
    declaration = nil
    closedSet = nil
  }
}
