internal import Ensign
internal import YAML

extension ReportFormat {
  /// For GitLab's code quality reports: `artifacts: {reports: {codequality: FILE}}`.
  ///
  /// A finding keeps its fingerprint when its line moves, so that a merge request shows what is new.
  package static let gitlab = ReportFormat(
    name: "gitlab", summary: "For GitLab, as a code quality report",
    render: { report in
      var json = CanonicalJSON(capacity: 64 + report.findings.count * 384)
      json.array(nil, zip(report.findings, report.identities)) { json, element in
        let (finding, identity) = element
        json.object { json in
          json.member("description", "\(finding.message). \(finding.help.capitalizedSentence)")
          json.member("check_name", finding.ruleTitle)
          json.member("fingerprint", identity.fingerprint)
          json.member("severity", finding.level.gitlabSeverity)
          json.object("location") { json in
            json.member("path", report.path(of: finding.file))
            json.object("lines") { json in
              json.member("begin", finding.range.start.line)
              json.member("end", finding.range.lastLine)
            }
          }
        }
      }
      return json.bytes + [UInt8(ascii: "\n")]
    })
}

extension Finding.Level {
  fileprivate var gitlabSeverity: String {
    switch self {
    case .error: "major"
    case .warning: "minor"
    case .information: "info"
    }
  }
}

extension Finding {
  /// The rule's code with its name: `E012 unknown-variant`.
  package var ruleTitle: String {
    RuleRegistry.rule(code.description).map { "\(code) \($0.name)" } ?? code.description
  }
}

extension String {
  /// The text as a sentence: with a capital letter and a full stop.
  var capitalizedSentence: String {
    guard let first else { return "" }
    return first.uppercased() + dropFirst() + (last == "." || last == "?" ? "" : ".")
  }
}
