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
  private let stage: Rule.Stage
  /// Positions of suppressions and of the rules in them.
  private var positions: [Key: (suppression: Int, rule: Int)] = [:]
  private var used: Set<[Int]> = []
  private var findings: [Finding] = []

  /// The findings that no comment takes back, and those about the comments, in no particular order.
  ///
  /// - Parameters:
  ///   - findings: those of the rules of one stage.
  ///   - reportsUnused: false when not every check could run, so that a finding may be missing for another reason than
  ///     that all is well.
  /// - Complexity: O(findings + suppressions).
  static func apply(
    _ suppressions: [Suppression], to findings: [Finding], of stage: Rule.Stage, reportsUnused: Bool
  ) -> [Finding] {
    guard !suppressions.isEmpty else { return findings }
    var filter = SuppressionFilter(suppressions, of: stage)
    let kept = findings.filter { !filter.takesBack($0) }
    if reportsUnused { filter.addUnused() }
    return kept + filter.findings
  }

  private init(_ suppressions: [Suppression], of stage: Rule.Stage) {
    self.suppressions = suppressions
    self.stage = stage
    for (index, suppression) in suppressions.enumerated() {
      if stage == .validation { findings += Self.mistakes(in: suppression) }
      for (position, name) in suppression.rules.enumerated() {
        guard let rule = RuleRegistry.rule(name.value), rule.level != .error, rule.stage == stage else { continue }
        // Between the first and the last line stand only comments, which have no findings.
        for line in [suppression.lines.lowerBound, suppression.range.start.line, suppression.lines.upperBound] {
          positions[Key(file: suppression.file, line: line, code: rule.code)] = (index, position)
        }
      }
    }
  }

  /// What is wrong with a comment, whatever it is to take back.
  private static func mistakes(in suppression: Suppression) -> [Finding] {
    let site = Site(file: suppression.file)
    var findings: [Finding] = []
    if suppression.rules.isEmpty { findings.append(.malformedSuppression(suppression, site)) }
    if !suppression.rules.isEmpty, suppression.reason.isEmpty {
      findings.append(.reasonlessSuppression(suppression, site))
    }
    for name in suppression.rules {
      let rule = RuleRegistry.rule(name.value)
      if rule == nil { findings.append(.unknownSuppression(name, site)) }
      if rule?.level == .error { findings.append(.suppressedError(name, site)) }
    }
    return findings
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
        guard let rule = RuleRegistry.rule(name.value), rule.level != .error, rule.stage == stage else { continue }
        findings.append(.unusedSuppression(name, Site(file: suppression.file)))
      }
    }
  }
}
