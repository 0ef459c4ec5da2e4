extension ReportFormat {
  /// For services that show test results: a finding is a case, which fails when it fails the run.
  package static let junit = ReportFormat(
    name: "junit", summary: "For CI services that show test results",
    render: { report in
      Array(JUnitDocument(name: "ensign", suites: report.junitSuites(orElse: "findings")).xml.utf8)
    })
}

extension Report {
  /// A suite for each file with findings.
  ///
  /// - Parameter name: of the suite with one passed case that says that there are none; a report without cases is an
  ///   error to some services.
  package func junitSuites(orElse name: String) -> [JUnitDocument.Suite] {
    if findings.isEmpty {
      return [JUnitDocument.Suite(name: name, cases: [JUnitDocument.Case(name: "no findings", className: name)])]
    }
    return files(of: findings).map { file, findings in
      JUnitDocument.Suite(name: path(of: file), cases: findings.map { junitCase($0) })
    }
  }

  /// The findings of each file, files and findings in their order.
  private func files(of findings: [Finding]) -> [(file: FileReference, findings: [Finding])] {
    Dictionary(grouping: findings, by: \.file).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func junitCase(_ finding: Finding) -> JUnitDocument.Case {
    var single = self
    single.findings = [finding]
    single.isColored = false
    let text = String(decoding: ReportFormat.text.render(single), as: UTF8.self)
    let fails = finding.level >= failOn
    let className = [finding.environment, finding.flag].compactMap(\.self).joined(separator: ".")
    return JUnitDocument.Case(
      name: "\(finding.ruleTitle): \(finding.message)", className: className.isEmpty ? "ensign" : className,
      failure: fails
        ? JUnitDocument.Failure(type: finding.code.description, message: finding.message, text: text) : nil,
      output: fails ? nil : text)
  }
}
