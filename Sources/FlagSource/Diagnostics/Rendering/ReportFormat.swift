/// A way to write findings; a new one is a file here and a line in ``all``.
package struct ReportFormat: Sendable {
  /// The word after `--format`.
  package var name: String
  /// What it is for, in one sentence without a full stop.
  package var summary: String
  /// Writes all of a report, with a line feed at the end unless there is nothing to say.
  package var render: @Sendable (Report) -> [UInt8]

  package init(name: String, summary: String, render: @escaping @Sendable (Report) -> [UInt8]) {
    self.name = name
    self.summary = summary
    self.render = render
  }

  /// The formats, in the order in which help lists them.
  package static let all: [ReportFormat] = [
    .text, .json, .markdown, .github, .gitlab, .sarif, .junit, .rdjson,
  ]

  /// The format of that name.
  package static func named(_ name: String) -> ReportFormat? { all.first { $0.name == name } }
}
