internal import YAML

/// Takes back the findings that comments allow, and finds what is wrong with the comments.
struct SuppressionFilter {
  /// One rule allowed on one line of a file.
  private struct Key: Hashable {
    let file: FileReference
    let line: UInt32
    let code: RuleCode
  }

  private let suppressions: [Suppression]
  /// Positions of suppressions and of the rules in them.
  private var positions: [Key: (suppression: Int, rule: Int)] = [:]
  private var used: Set<[Int]> = []
  private var findings: [Finding] = []

  /// The findings that no comment takes back, and those about the comments, in no particular order.
  ///
  /// - Parameter reportsUnused: false when not every check could run, so that a finding may be missing for another
  ///   reason than that all is well.
  /// - Complexity: O(findings + suppressions).
  static func apply(
    _ suppressions: [Suppression], to findings: [Finding], reportsUnused: Bool
  ) -> [Finding] {
    guard !suppressions.isEmpty else { return findings }
    var filter = SuppressionFilter(suppressions)
    let kept = findings.filter { !filter.takesBack($0) }
    if reportsUnused { filter.addUnused() }
    return kept + filter.findings
  }

  private init(_ suppressions: [Suppression]) {
    self.suppressions = suppressions
    for (index, suppression) in suppressions.enumerated() {
      let site = Site(file: suppression.file)
      if suppression.rules.isEmpty { findings.append(.malformedSuppression(suppression, site)) }
      if !suppression.rules.isEmpty, suppression.reason.isEmpty {
        findings.append(.reasonlessSuppression(suppression, site))
      }
      for (position, name) in suppression.rules.enumerated() {
        guard let rule = RuleRegistry.rule(name.value) else {
          findings.append(.unknownSuppression(name, site))
          continue
        }
        guard rule.level != .error else {
          findings.append(.suppressedError(name, site))
          continue
        }
        // Between the first and the last line stand only comments, which have no findings.
        for line in [suppression.lines.lowerBound, suppression.range.start.line, suppression.lines.upperBound] {
          positions[Key(file: suppression.file, line: line, code: rule.code)] = (index, position)
        }
      }
    }
  }

  private mutating func takesBack(_ finding: Finding) -> Bool {
    guard finding.level != .error else { return false }
    let key = Key(file: finding.file, line: finding.range.start.line, code: finding.code)
    guard let position = positions[key] else { return false }
    used.insert([position.suppression, position.rule])
    return true
  }

  private mutating func addUnused() {
    for (index, suppression) in suppressions.enumerated() {
      for (position, name) in suppression.rules.enumerated() where !used.contains([index, position]) {
        guard let rule = RuleRegistry.rule(name.value), rule.level != .error else { continue }
        findings.append(.unusedSuppression(name, Site(file: suppression.file)))
      }
    }
  }
}
