internal import Ensign

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

  /// What was read of the files of all parts, in their order.
  init(joining parts: [TreePart]) {
    definitions.reserveLargePages(for: parts.reduce(0) { $0 + $1.definitions.count })
    configs.reserveLargePages(for: parts.reduce(0) { $0 + $1.configs.count })
    segments.reserveLargePages(for: parts.reduce(0) { $0 + $1.segments.count })
    tests.reserveLargePages(for: parts.reduce(0) { $0 + $1.tests.count })
    for part in parts { append(part) }
  }

  /// Adds what was read of the files that follow.
  mutating func append(_ next: consuming TreePart) {
    definitions += next.definitions
    configs += next.configs
    segments += next.segments
    tests += next.tests
    broken.definitions.formUnion(next.broken.definitions)
    broken.segments.formUnion(next.broken.segments)
    broken.configs.merge(next.broken.configs) { $0.union($1) }
    findings += next.findings
    suppressions += next.suppressions
  }
}
