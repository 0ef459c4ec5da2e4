/// The findings of a run, in the order in which they were made; ``sorted()`` is the order of reports.
package struct Findings: Sendable {
  /// What was found so far.
  package private(set) var all: [Finding] = []

  /// Makes an empty list.
  package init() {}

  /// Adds a finding.
  package mutating func add(_ finding: Finding) { all.append(finding) }

  /// Adds findings.
  package mutating func add(_ findings: some Sequence<Finding>) { all.append(contentsOf: findings) }

  /// True when one of them is an error.
  package var hasErrors: Bool { all.hasErrors }

  /// The findings in the order of reports.
  package func sorted() -> [Finding] { all.sorted(by: Finding.reportOrder) }
}

extension Sequence<Finding> {
  /// True when one of them is an error.
  package var hasErrors: Bool { contains { $0.level == .error } }

  /// The files that have errors.
  var filesWithErrors: Set<FileReference> { Set(lazy.filter { $0.level == .error }.map(\.file)) }
}
