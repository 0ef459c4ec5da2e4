internal import YAML

extension ReportFormat {
  /// For GitHub Actions: workflow commands, which appear as annotations of the changed files.
  ///
  /// GitHub drops all annotations after ten of a level in a step, so the most severe come first, in the order of reports,
  /// and what would be dropped is written as ordinary lines of the log, with a notice that says how many there are.
  package static let github = ReportFormat(
    name: "github", summary: "For GitHub Actions, as annotations of the files",
    render: { report in
      var text = ""
      var rest: [Finding] = []
      for level in Finding.Level.allCases.sorted(by: >) {
        let findings = report.findings.filter { $0.level == level }
        // The notice about the rest is one of the ten.
        let limit = level == .information && report.exceedsAnnotations ? 9 : 10
        for finding in findings.prefix(limit) { text += WorkflowCommand(finding, report).text }
        rest += findings.dropFirst(limit)
      }
      guard !rest.isEmpty else { return Array(text.utf8) }
      let notice = "GitHub shows ten annotations of a level; \(counted(rest.count, "more finding")) in the log"
      text += "::notice title=ensign::\(WorkflowCommand.escapedData(notice))\n"
      for finding in rest { text += report.logLine(finding) }
      return Array(text.utf8)
    })
}

extension Report {
  /// Whether there are more findings of a level than GitHub shows, counting the notice about that.
  fileprivate var exceedsAnnotations: Bool {
    Finding.Level.allCases.contains { count($0) > 10 }
  }

  /// A finding on one line, which cannot be taken for a command.
  fileprivate func logLine(_ finding: Finding) -> String {
    let start = finding.range.start
    let line =
      "\(path(of: finding.file)):\(start.line):\(start.column): \(finding.level.rawValue)[\(finding.code)]: "
      + finding.message
    return " " + TerminalText.visible(line) + "\n"
  }
}

/// A line of the form `::error file=…,line=…::message`.
private struct WorkflowCommand {
  let text: String

  init(_ finding: Finding, _ report: Report) {
    let command =
      switch finding.level {
      case .error: "error"
      case .warning: "warning"
      case .information: "notice"
      }
    let name = RuleRegistry.rule(finding.code.description).map { " \($0.name)" } ?? ""
    let properties = [
      ("file", report.path(of: finding.file)),
      ("line", "\(finding.range.start.line)"),
      ("endLine", "\(finding.range.end.line)"),
      ("col", "\(finding.range.start.column)"),
      ("endColumn", "\(finding.range.end.column)"),
      ("title", "\(finding.code)\(name)"),
    ]
    let list = properties.map { "\($0.0)=\(Self.escapedProperty($0.1))" }.joined(separator: ",")
    let notes = finding.notes.map { note in
      "\n\(report.path(of: note.file)):\(note.range.start.line):\(note.range.start.column): \(note.message)"
    }
    let message = finding.message + notes.joined() + "\n" + finding.help
    text = "::\(command) \(list)::\(Self.escapedData(message))\n"
  }

  /// The escapes of a command's message, as GitHub's toolkit makes them.
  static func escapedData(_ text: String) -> String {
    replacing(text) { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: nil
      }
    }
  }

  /// The escapes of a command's properties: the same and the characters that end one.
  static func escapedProperty(_ text: String) -> String {
    replacing(escapedData(text)) { scalar in
      switch scalar {
      case ":": "%3A"
      case ",": "%2C"
      default: nil
      }
    }
  }

  private static func replacing(_ text: String, _ replacement: (Unicode.Scalar) -> String?) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      if let text = replacement(scalar) { result += text } else { result.unicodeScalars.append(scalar) }
    }
  }
}
