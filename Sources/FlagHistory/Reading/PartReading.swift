internal import FlagCompiler
internal import FlagSource
internal import Git

/// The manifest of a flags tree, or why there is none.
struct ManifestReading {
  /// The path of the manifest from the top of the repository.
  let file: String
  /// In the manifest's order; empty when it could not be read.
  var environments: [String] = []
  var project = ""
  var attributes: [String: Attribute] = [:]
  /// Why flags cannot be read at all; nil when they can.
  var problem: Problem?
  /// What was read, which other files of the tree are read with.
  let reading: TreeReading?
  /// The manifest's content.
  let bytes: [UInt8]

  /// What history compares of an attribute.
  struct Attribute: Hashable {
    var type: FlagSource.AttributeType
    var isPrivate: Bool
  }

  /// No manifest, because there is no tree.
  static let absent = ManifestReading(file: "ensign.yaml")

  private init(file: String) { (self.file, reading, bytes) = (file, nil, []) }

  /// - Parameters:
  ///   - reading: a tree of nothing but the manifest.
  ///   - bytes: of the manifest.
  ///   - prefix: what stands before the paths of the tree's files.
  init(_ reading: TreeReading, _ bytes: [UInt8], prefix: String) {
    file = prefix + "ensign.yaml"
    self.reading = reading
    self.bytes = bytes
    if let manifest = reading.tree?.manifest {
      environments = manifest.environments.map(\.value)
      project = manifest.project.value
      attributes = manifest.attributes.mapValues { Attribute(type: $0.type.value, isPrivate: $0.isPrivate) }
    } else {
      let start = SemanticChange.Position(file: file, line: 1, column: 1)
      problem =
        reading.findings.first { $0.level == .error }.map { Problem($0, in: reading.files, prefix: prefix) }
        ?? Problem(position: start, message: "the manifest cannot be read")
    }
  }

  /// The types by which conditions are read.
  var types: [String: FlagSource.AttributeType] { attributes.mapValues(\.type) }

  /// Whether flags mean the same under another manifest.
  func readsFlags(as other: ManifestReading) -> Bool {
    environments == other.environments && types == other.types && (problem == nil) == (other.problem == nil)
  }
}

/// What one commit's tree says of one flag.
struct FlagReading {
  private var states: [String: PartState] = [:]
  /// The environments for which there is a file, known or not.
  private let hasDefinition: Bool
  private let manifestProblem: Problem?

  /// A flag of which there is no file.
  static let absent = FlagReading()

  private init() { (hasDefinition, manifestProblem) = (false, nil) }

  /// - Parameters:
  ///   - reading: a tree that has all files of the flag.
  ///   - files: the flag's files.
  ///   - environments: which of them matter; nil for all.
  ///   - prefix: what stands before the paths of the tree's files.
  init(
    _ key: String, in reading: TreeReading, files: [FoundFile], manifest: ManifestReading,
    only environments: Set<String>?, prefix: String
  ) {
    hasDefinition = files.contains { $0.path.hasPrefix("definitions/") }
    manifestProblem = manifest.problem
    guard let tree = reading.tree else { return }
    let problems = Self.problems(in: reading, prefix: prefix)
    for environment in manifest.environments where environments?.contains(environment) ?? true {
      states[environment] = Self.state(of: key, in: environment, tree, files, problems, prefix)
    }
  }

  /// What the flag is in an environment, which this tree's manifest has or not.
  func state(in environment: String) -> PartState {
    if let state = states[environment] { return state }
    if hasDefinition, let manifestProblem { return .unreadable(manifestProblem) }
    return .absent(isArchived: false)
  }

  private static func state(
    of key: String, in environment: String, _ tree: FlagsTree, _ files: [FoundFile], _ problems: [String: Problem],
    _ prefix: String
  ) -> PartState {
    let configFolder = "environments/\(environment)/"
    let ofDefinition = files.first { $0.path.hasPrefix("definitions/") }
    guard ofDefinition != nil else { return .absent(isArchived: false) }
    if let problem = problem(in: files, below: "definitions/", problems) { return .unreadable(problem) }
    guard let definition = tree.definition(of: key) else { return .absent(isArchived: false) }
    if definition.isArchived { return .absent(isArchived: true) }
    if let problem = problem(in: files, below: configFolder, problems) { return .unreadable(problem) }
    let config = tree.config(of: key, in: environment)
    return .compiled(CompiledPart(definition, config, in: tree, prefix: prefix))
  }

  /// The first problem of the flag's files below a folder.
  private static func problem(
    in files: [FoundFile], below folder: String, _ problems: [String: Problem]
  ) -> Problem? {
    files.lazy.filter { $0.path.hasPrefix(folder) }.compactMap { problems[$0.path] }.first
  }

  /// The first error of each file that has one.
  ///
  /// By paths in the tree.
  static func problems(in reading: TreeReading, prefix: String) -> [String: Problem] {
    var problems: [String: Problem] = [:]
    for finding in reading.findings where finding.level == .error {
      let path = reading.files.path(of: finding.file)
      if problems[path] == nil { problems[path] = Problem(finding, in: reading.files, prefix: prefix) }
    }
    return problems
  }
}

/// What one commit's tree says of one segment.
struct SegmentReading {
  let state: PartState

  static let absent = SegmentReading(state: .absent(isArchived: false))

  private init(state: PartState) { self.state = state }

  /// - Parameters:
  ///   - reading: a tree that has all files of the segment.
  ///   - files: the segment's files, lists of keys among them.
  ///   - prefix: what stands before the paths of the tree's files.
  init(_ key: String, in reading: TreeReading, files: [FoundFile], manifest: ManifestReading, prefix: String) {
    let problems = FlagReading.problems(in: reading, prefix: prefix)
    if files.isEmpty {
      state = .absent(isArchived: false)
    } else if let problem = manifest.problem {
      state = .unreadable(problem)
    } else if let problem = files.lazy.compactMap({ problems[$0.path] }).first {
      state = .unreadable(problem)
    } else if let segment = reading.tree?.segment(key), let tree = reading.tree {
      state = .compiled(CompiledPart(segment, in: tree, prefix: prefix))
    } else {
      state = .absent(isArchived: false)
    }
  }
}
