/// A flags tree as written: every file read and understood on its own, nothing checked against other files.
///
/// Dictionaries are for look-ups only; whatever is reported or emitted walks the arrays, which are sorted by path, so
/// that no output depends on hash order.
package struct FlagsTree: Sendable {
  package var files: FileTable
  package var manifest: Manifest
  /// Sorted by file.
  package var definitions: [Definition]
  /// Sorted by file.
  package var configs: [EnvironmentConfig]
  /// Sorted by file.
  package var segments: [Segment]
  /// Sorted by file, then by place.
  package var tests: [FlagTest]
  /// What is there but could not be understood; a reference to it is no second mistake.
  package var broken: BrokenFiles

  /// Positions in ``definitions`` by flag key.
  package let definitionIndex: DefinitionIndex
  /// Positions in ``segments`` by segment key.
  package let segmentIndex: [String: Int]
  /// Positions in ``configs`` by environment and flag.
  package let configIndex: ConfigIndex

  /// Makes a tree and its indexes; of two files with one key the first by path is found.
  package init(
    files: FileTable, manifest: Manifest, definitions: [Definition], configs: [EnvironmentConfig],
    segments: [Segment], tests: [FlagTest], broken: BrokenFiles
  ) {
    self.files = files
    self.manifest = manifest
    self.definitions = definitions
    self.configs = configs
    self.segments = segments
    self.tests = tests
    self.broken = broken
    let definitionIndex = DefinitionIndex(definitions)
    self.definitionIndex = definitionIndex
    var segmentIndex = [String: Int](minimumCapacity: segments.count)
    segmentIndex.merge(segments.indices.lazy.map { (segments[$0].key, $0) }) { first, _ in first }
    self.segmentIndex = segmentIndex
    var cursor = DefinitionCursor(definitions, definitionIndex)
    configIndex = ConfigIndex(
      configs.count, of: definitionIndex, environment: { configs.span[$0].environment },
      flag: { configs.span[$0].flag },
      definition: { cursor.position(ofDefinitionOf: configs.span[$0].flag) })
  }

  /// A tree with configs beside all that another one has.
  ///
  /// - Parameters:
  ///   - configs: sorted by file.
  ///   - index: that of the configs.
  init(_ others: FlagsTree, configs: [EnvironmentConfig], index: ConfigIndex) {
    files = others.files
    manifest = others.manifest
    definitions = others.definitions
    self.configs = configs
    segments = others.segments
    tests = others.tests
    broken = others.broken
    definitionIndex = others.definitionIndex
    segmentIndex = others.segmentIndex
    configIndex = index
  }

  /// The definition of `flag`, archived or not.
  package func definition(of flag: String) -> Definition? { definitionIndex[flag].map { definitions[$0] } }

  /// Calls `body` with all definitions, in their order.
  ///
  /// None is copied: that is ten references to count, of each of a hundred thousand.
  package func forEachDefinition(_ body: (borrowing Definition) -> Void) {
    let definitions = definitions.span
    for index in definitions.indices { body(definitions[index]) }
  }

  /// The key of a definition as the definition has it, so that all who name the flag share one text.
  ///
  /// - Parameter position: in ``definitions``.
  func key(ofDefinitionAt position: Int) -> String {
    let definitions = definitions
    return definitions.span[position].key
  }

  /// The segment of that key.
  package func segment(_ key: String) -> Segment? { segmentIndex[key].map { segments[$0] } }

  /// What `flag` does in `environment`; nil means that it is disabled there.
  package func config(of flag: String, in environment: String) -> EnvironmentConfig? {
    configIndex.position(of: flag, in: environment).map { configs[$0] }
  }
}

/// The keys of files that exist but have errors of their own, so that nothing else is said about what refers to them.
package struct BrokenFiles: Sendable {
  package var definitions: Set<String>
  package var segments: Set<String>
  /// Flag keys by environment.
  package var configs: [String: Set<String>]
  /// True when the manifest's attributes could not all be read, so that an unknown attribute may be theirs.
  package var attributes: Bool
  /// The same for its owners.
  package var owners: Bool

  package init(
    definitions: Set<String> = [], segments: Set<String> = [], configs: [String: Set<String>] = [:],
    attributes: Bool = false, owners: Bool = false
  ) {
    self.definitions = definitions
    self.segments = segments
    self.configs = configs
    self.attributes = attributes
    self.owners = owners
  }
}

/// A flags tree without an error: all references hold, all values are of their types.
///
/// Only ``Checks`` makes one, so an unchecked flag cannot reach the compiler.
package struct CheckedTree: Sendable {
  package let tree: FlagsTree

  internal init(checked tree: FlagsTree) { self.tree = tree }
}
