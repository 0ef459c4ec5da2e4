/// What is wrong with a flags tree, all in one run, and the checked tree when nothing is.
package struct Validation: Sendable {
  /// Whether there is an error.
  package let hasErrors: Bool
  /// The tree that may be compiled; nil when there is an error, or the tree was not kept.
  package let checked: CheckedTree?
  /// What could be understood; nil when there is no usable manifest, or the tree was not kept.
  package let tree: FlagsTree?
  /// The findings in the order of reports, without those that comments take back.
  package let findings: [Finding]
  /// The paths that findings refer to.
  package let files: FileTable
  private let reading: TreeReading

  /// Checks a tree that was read.
  ///
  /// - Parameter today: the day on which flags expire or not.
  package init(of reading: TreeReading, today: CalendarDate) {
    let facts = reading.tree.map { TreeFacts($0, today: today, filesWithErrors: reading.filesWithErrors) }
    self.init(reading, hasTree: reading.tree != nil, checks: facts.map { Checks().run($0) } ?? Findings())
  }

  /// What is wrong with a tree that was read and checked.
  ///
  /// - Parameters:
  ///   - reading: without the tree where nobody needs it.
  ///   - hasTree: whether it could be checked.
  ///   - checks: what the checks have found.
  init(_ reading: TreeReading, hasTree: Bool, checks: Findings) {
    self.reading = reading
    tree = reading.tree
    files = reading.files
    // Without the manifest, or with a file that could not be understood, checks are left out whose findings may be the
    // ones that a comment is there for.
    let found = SuppressionFilter.apply(
      reading.suppressions, to: reading.findings + checks.all, of: .validation,
      reportsUnused: hasTree && reading.filesWithErrors.isEmpty)
    findings = Self.report(found, of: reading)
    hasErrors = findings.hasErrors
    checked = hasErrors ? nil : reading.tree.map(CheckedTree.init(checked:))
  }

  /// The findings of a later stage as reports show them: without those that comments take back, and with those about
  /// comments that take nothing back.
  ///
  /// - Parameters:
  ///   - found: findings of rules of that stage, in this tree's files.
  ///   - isWhole: whether the stage looked at everything, so that a comment for which there is no finding is of no use.
  package func findings(_ found: [Finding], of stage: Rule.Stage, isWhole: Bool) -> [Finding] {
    Self.report(
      SuppressionFilter.apply(reading.suppressions, to: found, of: stage, reportsUnused: isWhole), of: reading)
  }

  /// Findings in the order of reports, with their suggestions and edits made out.
  private static func report(_ found: [Finding], of reading: TreeReading) -> [Finding] {
    var suggestions = SuggestionResolver()
    var edits = EditResolver(bytes: { file in try? reading.bytes(of: file) })
    return found.sorted(by: Finding.reportOrder).map { edits.resolve(suggestions.resolve($0)) }
  }

  /// Reads the bytes of a file again, to show its lines beside a finding.
  package func bytes(of file: FileReference) throws(FileAccessError) -> [UInt8] { try reading.bytes(of: file) }
}
