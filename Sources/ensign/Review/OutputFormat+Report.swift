internal import FlagSource

extension OutputFormat {
  /// The way to write findings.
  var report: ReportFormat {
    switch self {
    case .text: .text
    case .json: .json
    case .markdown: .markdown
    case .github: .github
    case .gitlab: .gitlab
    case .sarif: .sarif
    case .junit: .junit
    case .rdjson: .rdjson
    }
  }
}
