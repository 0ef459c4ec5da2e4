internal import FlagCompiler
internal import FlagSource
internal import YAML

/// What a flag (in one environment) or a segment is in one commit.
enum PartState {
  /// There is none, or it is archived.
  case absent(isArchived: Bool)
  /// A file of it has an error of its own, so that nobody knows what it means.
  case unreadable(Problem)
  case compiled(CompiledPart)

  /// Whether two states are the same to everybody who asks: a second mistake after the first one changes nothing.
  static func areEqual(_ left: PartState, _ right: PartState) -> Bool {
    switch (left, right) {
    case (.absent, .absent), (.unreadable, .unreadable): true
    case (.compiled(let left), .compiled(let right)): left.json == right.json
    default: false
    }
  }
}

/// A flag or a segment that could be compiled.
struct CompiledPart {
  /// Canonical JSON of an object whose one member is the part.
  let json: [UInt8]
  let origin: PartOrigin

  /// A flag with what it does in one environment; nil for nothing.
  ///
  /// - Parameter prefix: what stands before the paths of the tree's files.
  init(_ definition: Definition, _ config: EnvironmentConfig?, in tree: FlagsTree, prefix: String) {
    json = PartCompiler.compile(definition, config)
    origin = .flag(
      definition, path: prefix + tree.files.path(of: definition.file), config,
      configPath: config.map { prefix + tree.files.path(of: $0.file) })
  }

  /// A segment.
  ///
  /// - Parameter prefix: what stands before the paths of the tree's files.
  init(_ segment: Segment, in tree: FlagsTree, prefix: String) {
    json = PartCompiler.compile(segment)
    origin = .segment(segment, path: prefix + tree.files.path(of: segment.file))
  }
}

/// Where a compiled part was written.
enum PartOrigin {
  case flag(Definition, path: String, EnvironmentConfig?, configPath: String?)
  case segment(Segment, path: String)
}

/// The first error of a file.
struct Problem: Hashable {
  var position: SemanticChange.Position
  var message: String

  /// `flags/ensign.yaml:3:1: …`.
  var text: String { "\(position.file):\(position.line):\(position.column): \(message)" }
}

extension Problem {
  /// - Parameter prefix: what stands before the paths of the tree's files.
  init(_ finding: Finding, in files: FileTable, prefix: String) {
    position = SemanticChange.Position(prefix + files.path(of: finding.file), finding.range)
    message = finding.message
  }
}

extension SemanticChange.Position {
  init(_ file: String, _ range: SourceRange) {
    self.init(file: file, line: Int(range.start.line), column: Int(range.start.column))
  }
}
