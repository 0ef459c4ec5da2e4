internal import FlagImpact
internal import FlagReview
internal import FlagSource
internal import YAML

/// What a change touches: its files, the flags that it reaches, and what it made wrong elsewhere.
struct FindingScope {
  /// The paths of the files that differ, from the flags tree.
  let files: Set<String>
  /// The flags that a change reaches, by environment.
  private let flags: [String: Set<String>]
  /// The findings of the base.
  private let base: Report

  /// - Parameter base: the findings of the base.
  init(files: Set<String>, plan: ReviewPlan?, base: Report) {
    self.files = files
    var flags: [String: Set<String>] = [:]
    for environment in plan?.environments ?? [] {
      flags[environment.environment] = Set(environment.flags.map(\.impact.key))
    }
    self.flags = flags
    self.base = base
  }

  /// The findings of a report that the change is to answer for, and the others.
  func split(_ report: Report) -> (touched: [Finding], others: [Finding]) {
    var touched: [Finding] = []
    var others: [Finding] = []
    let isNew = isNew(in: report)
    for (index, finding) in report.findings.enumerated() {
      if reaches(finding, in: report.files) || isNew(index) {
        touched.append(finding)
      } else {
        others.append(finding)
      }
    }
    return (touched, others)
  }

  /// Tells whether the base lacks a finding.
  ///
  /// Most of those that it has stand where they stood; only for others the files are read to tell the field.
  private func isNew(in report: Report) -> (Int) -> Bool {
    let places = Set(base.findings.map { Place($0, in: base.files) })
    let moved = report.findings.indices.filter { index in
      !reaches(report.findings[index], in: report.files)
        && !places.contains(Place(report.findings[index], in: report.files))
    }
    if moved.isEmpty { return { _ in false } }
    let (old, identities) = (Set(base.identities), report.identities)
    let new = Set(moved.filter { !old.contains(identities[$0]) })
    return { new.contains($0) }
  }

  /// What and where a finding is, to the letter.
  private struct Place: Hashable {
    let code: RuleCode
    let path: String
    let line: UInt32
    let column: UInt32
    let message: String

    init(_ finding: Finding, in files: FileTable) {
      code = finding.code
      path = files.path(of: finding.file)
      line = finding.range.start.line
      column = finding.range.start.column
      message = finding.message
    }
  }

  /// Whether a change of the flag in the environment is among what is reviewed.
  func reaches(_ flag: String, in environment: String) -> Bool { flags[environment]?.contains(flag) == true }

  /// The flags with a file that differs, and those that a change reaches.
  func touchedFlags(of tree: FlagsTree) -> Set<String> {
    var keys = flags.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    for definition in tree.definitions where files.contains(tree.files.path(of: definition.file)) {
      keys.insert(definition.key)
    }
    for config in tree.configs where files.contains(tree.files.path(of: config.file)) { keys.insert(config.flag) }
    return keys
  }

  private func reaches(_ finding: Finding, in table: FileTable) -> Bool {
    if files.contains(table.path(of: finding.file)) { return true }
    guard let flag = finding.flag else { return false }
    if let environment = finding.environment { return reaches(flag, in: environment) }
    return flags.values.contains { $0.contains(flag) }
  }
}
