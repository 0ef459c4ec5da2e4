internal import YAML

extension ReportFormat {
  /// For people: the message, the line of the file with the place underlined, what to do.
  package static let text = ReportFormat(
    name: "text", summary: "For people, with the line of the file",
    render: { report in
      var writer = TextReport(report)
      for finding in report.findings { writer.write(finding) }
      if let summary = report.summary { writer.text += summary + "\n" }
      return Array(writer.text.utf8)
    })
}

/// Writes findings as text.
///
/// ```
/// flags/environments/staging/new-cart.yaml:2:12: error[E012] unknown-variant: flag `new-cart` has no variant `onn`
///   2 | otherwise: onn
///     |            ^^^
///   note: flags/definitions/new-cart.yaml:2:7: the flag's variants stand here
///   help: did you mean `on`?
/// ```
private struct TextReport {
  var text = ""
  private let report: Report
  private let colors: TerminalColors
  private var source: (file: FileReference, text: EditableText?)?

  init(_ report: Report) {
    self.report = report
    colors = TerminalColors(areOn: report.isColored)
  }

  mutating func write(_ finding: Finding) {
    let code = RuleRegistry.rule(finding.code.description).map { " \($0.name)" } ?? ""
    let level = colors.paint("\(finding.level.rawValue)[\(finding.code)]", as: .level(finding.level))
    text += colors.paint(place(finding.file, finding.range), as: .place)
    text += ": \(level)\(code): \(TerminalText.visible(finding.message))\n"
    if finding.range != .wholeFile { writeSource(finding) }
    for note in finding.notes {
      line("note", "\(place(note.file, note.range)): \(TerminalText.visible(note.message))")
    }
    line("help", TerminalText.visible(finding.help))
    if let fix = finding.fix {
      line("fix", "\(TerminalText.visible(fix.title)) (\(certainty(of: fix, for: finding)))")
    }
    text += "\n"
  }

  private func certainty(of fix: Finding.Fix, for finding: Finding) -> String {
    guard fix.applicability == .safe else { return "a guess" }
    let stage = RuleRegistry.rule(finding.code.description)?.stage
    return stage == .validation ? "`--fix` does it" : "it changes no evaluation"
  }

  private mutating func line(_ label: String, _ words: String) {
    text += "  \(colors.paint(label, as: .label)): \(words)\n"
  }

  private func place(_ file: FileReference, _ range: SourceRange) -> String {
    "\(TerminalText.visible(report.path(of: file))):\(range.start.line):\(range.start.column)"
  }

  /// The line of the file with the place underlined; nothing when the file cannot be read or has no such line.
  private mutating func writeSource(_ finding: Finding) {
    if source?.file != finding.file {
      source = (finding.file, report.bytes(finding.file).map { EditableText($0) })
    }
    guard let source = source?.text, let excerpt = SourceExcerpt(of: finding.range, in: source) else { return }
    let number = String(finding.range.start.line)
    let margin = String(repeating: " ", count: number.count)
    let marks = colors.paint(String(repeating: "^", count: excerpt.width), as: .level(finding.level))
    text += "  \(colors.paint("\(number) |", as: .margin)) \(excerpt.line)\n"
    text +=
      "  \(colors.paint("\(margin) |", as: .margin)) \(String(repeating: " ", count: excerpt.indentation))\(marks)\n"
  }
}

/// A line of a file cut to what fits beside a finding, and where to underline it.
struct SourceExcerpt {
  /// How many characters are shown on each side of the place's beginning.
  private static let reach = 40

  /// What to print, with everything in it that a terminal would not show as it is made visible.
  let line: String
  /// Columns of the terminal before the mark.
  let indentation: Int
  /// Columns of the terminal under which the mark goes; at least one.
  let width: Int

  /// Nil when the text has no such line, or when the line is not that long.
  init?(of range: SourceRange, in text: EditableText) {
    let start = Int(range.start.column)
    let reach = Self.reach
    guard let found = text.characters(inLine: range.start.line, from: max(1, start - reach), to: start + 2 * reach)
    else { return nil }
    let isWhole = range.end.line == range.start.line
    let end = isWhole ? Int(range.end.column) : Int.max
    var line = found.isCutBefore ? "…" : ""
    var indentation = found.isCutBefore ? 1 : 0
    var width = 0
    for (offset, scalar) in found.characters.enumerated() {
      let column = found.first + offset
      let (shown, columns) = TerminalText.shown(scalar)
      line += shown
      if column < start { indentation += columns } else if column < end { width += columns }
    }
    guard found.first + found.characters.count >= start else { return nil }
    self.line = found.isCutAfter ? line + "…" : line
    self.indentation = indentation
    self.width = max(width, 1)
  }
}
