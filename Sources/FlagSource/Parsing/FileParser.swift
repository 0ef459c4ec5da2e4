internal import YAML

/// Reads the document of one file into the model, noting everything that is wrong with it.
///
/// A part that cannot be understood is left out and reported; its neighbours are read all the same. Nothing is
/// reported twice: what follows from a finding is no finding.
struct FileParser {
  let file: FileReference
  /// The flag that the file is about, for its findings.
  let flag: String?
  /// The environment that the file is about, for its findings.
  let environment: String?
  /// The types by which operands are read.
  let attributes: AttributeTypes
  private(set) var findings: [Finding] = []
  /// Regular expressions that are known to be good: flags share them, and compiling one takes as long as reading the
  /// file around it.
  var goodPatterns: Set<String> = []

  init(file: FileReference, flag: String? = nil, environment: String? = nil, attributes: AttributeTypes) {
    self.file = file
    self.flag = flag
    self.environment = environment
    self.attributes = attributes
  }

  /// Whether something was found that makes the file no whole: anything but a warning.
  var isBroken: Bool { findings.contains { $0.level == .error } }

  mutating func report(_ finding: Finding) {
    var finding = finding
    finding.flag = flag
    finding.environment = environment
    findings.append(finding)
  }

  func place(_ node: Document.Node) -> Place { Place(file, node.range) }

  func place(_ range: SourceRange) -> Place { Place(file, range) }
}

/// What a value must be, in the words of findings.
struct Wanted {
  /// What the value is for, as a noun: "`tags`", "an element of `tags`".
  let subject: String
  /// What it must be: "a list of words".
  let expected: StaticString
  /// A value that would do, as YAML; nil when there is no short one.
  let example: StaticString?

  init(_ subject: String, _ expected: StaticString, example: StaticString? = nil) {
    self.subject = subject
    self.expected = expected
    self.example = example
  }

  /// What the value of a known key must be.
  init(_ key: some MappingKey) {
    let shape = key.keyShape
    self.init("`\(key.rawValue)`", shape.expected, example: shape.example)
  }
}
