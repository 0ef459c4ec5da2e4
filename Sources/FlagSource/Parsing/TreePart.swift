/// What was read of some files of a tree, in the order of the files.
struct TreePart: Sendable {
  var definitions: [Definition] = []
  var configs: [EnvironmentConfig] = []
  var segments: [Segment] = []
  var tests: [FlagTest] = []
  var broken = BrokenFiles()
  var findings: [Finding] = []
  var suppressions: [Suppression] = []

  init() {}

  /// What was read of the files of all parts, in their order; each part is given up as soon as it is taken over.
  init(joining parts: consuming [TreePart]) {
    for part in copy parts {
      broken.definitions.formUnion(part.broken.definitions)
      broken.segments.formUnion(part.broken.segments)
      broken.configs.merge(part.broken.configs) { $0.union($1) }
      findings += part.findings
      suppressions += part.suppressions
    }
    let definitions = parts.map(\.definitions)
    let configs = parts.map(\.configs)
    let segments = parts.map(\.segments)
    let tests = parts.map(\.tests)
    _ = consume parts
    self.definitions = Threads.joined(consume definitions)
    self.configs = Threads.joined(consume configs)
    self.segments = Threads.joined(consume segments)
    self.tests = Threads.joined(consume tests)
  }
}
