/// Findings with what it takes to show them.
package struct Report: Sendable {
  /// The findings in the order in which they are shown.
  package var findings: [Finding]
  package var files: FileTable
  /// What stands before every path, such as `flags/`: paths are shown from the repository's top.
  package var prefix: String
  /// True for text with colours, as terminals show it.
  package var isColored: Bool
  /// The level from which on a finding fails the run.
  package var failOn: Finding.Level
  /// The bytes of a file, for the lines beside findings; nil when it cannot be read.
  package var bytes: @Sendable (FileReference) -> [UInt8]?

  package init(
    findings: [Finding], files: FileTable, prefix: String = "", isColored: Bool = false,
    failOn: Finding.Level = .error, bytes: @escaping @Sendable (FileReference) -> [UInt8]?
  ) {
    self.findings = findings
    self.files = files
    self.prefix = prefix
    self.isColored = isColored
    self.failOn = failOn
    self.bytes = bytes
  }

  /// The findings of a validation.
  package init(
    _ validation: Validation, prefix: String = "", isColored: Bool = false, failOn: Finding.Level = .error
  ) {
    self.init(
      findings: validation.findings, files: validation.files, prefix: prefix, isColored: isColored, failOn: failOn,
      bytes: { file in try? validation.bytes(of: file) })
  }

  /// The path of a file as it is shown.
  package func path(of file: FileReference) -> String { prefix + files.path(of: file) }

  /// Whether a finding fails the run.
  package var isFailed: Bool { findings.contains { $0.level >= failOn } }

  /// How many findings have the level.
  package func count(_ level: Finding.Level) -> Int { findings.count { $0.level == level } }

  /// How many findings there are in how many files, such as `3 errors, 1 warning in 2 files`; nil when there are none.
  package var summary: String? {
    guard !findings.isEmpty else { return nil }
    let counts: [String?] = [
      count(.error) > 0 ? counted(count(.error), "error") : nil,
      count(.warning) > 0 ? counted(count(.warning), "warning") : nil,
      count(.information) > 0 ? "\(count(.information)) information" : nil,
    ]
    let files = Set(findings.map(\.file)).count
    return counts.compactMap(\.self).joined(separator: ", ") + " in " + counted(files, "file")
  }
}
