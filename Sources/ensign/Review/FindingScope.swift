internal import FlagImpact
internal import FlagReview
internal import FlagSource

/// What a change touches: its files, the flags that it reaches, and what it made wrong elsewhere.
struct FindingScope {
  /// The paths of the files that differ, from the flags tree.
  let files: Set<String>
  /// The flags that a change reaches, by environment.
  private let flags: [String: Set<String>]
  /// The findings that the base has, too.
  private let old: Set<FindingIdentity>

  /// - Parameter base: the findings of the base.
  init(files: Set<String>, plan: ReviewPlan?, base: Report) {
    self.files = files
    var flags: [String: Set<String>] = [:]
    for environment in plan?.environments ?? [] {
      flags[environment.environment] = Set(environment.flags.map(\.impact.key))
    }
    self.flags = flags
    old = Set(base.identities)
  }

  /// The findings of a report that the change is to answer for, and the others.
  func split(_ report: Report) -> (touched: [Finding], others: [Finding]) {
    var touched: [Finding] = []
    var others: [Finding] = []
    for (finding, identity) in zip(report.findings, report.identities) {
      if reaches(finding, in: report.files) || !old.contains(identity) {
        touched.append(finding)
      } else {
        others.append(finding)
      }
    }
    return (touched, others)
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
