internal import Ensign
internal import FlagCompiler
internal import FlagReview
internal import FlagSource

/// The results of `check`, in the form that was asked for.
struct CheckSheet {
  let review: Review

  private var report: Report { review.report }
  private var sheet: PlanSheet? { review.plan.map { PlanSheet(plan: $0, conflicts: review.conflicts) } }

  func write(in session: Session) throws(CommandError) {
    let output = session.console.output
    switch session.format {
    case .text: output.write(text(session.style))
    case .json: output.write(document())
    case .markdown: output.write(markdown())
    case .github:
      output.write(ReportFormat.github.render(report))
      output.write(headline + "\n")
      try JobSummary.append(Array(markdown().utf8), in: session)
    case .junit:
      let suites = (review.tests?.junitSuites(below: review.prefix) ?? []) + report.junitSuites(orElse: "findings")
      output.write(JUnitDocument(name: "ensign check", suites: suites).xml)
    case .gitlab, .sarif, .rdjson: output.write(session.format.report.render(report))
    }
    for disagreement in review.disagreements {
      session.console.message(
        "ensign: \(session.messageStyle.red("error")): a defect of ensign, please report it: \(disagreement.printable)")
    }
  }

  // MARK: Text

  private func text(_ style: Style) -> String {
    var text = sheet?.text(style) ?? ""
    for note in review.notes { text += "note: \(note.printable)\n" }
    if !review.notes.isEmpty { text += "\n" }
    text += String(decoding: ReportFormat.text.render(report), as: UTF8.self)
    let tests = testWords
    text += report.findings.isEmpty ? headline + "\n" : tests.map { $0 + "\n" } ?? ""
    return text
  }

  /// `no findings, 12 tests passed`.
  private var headline: String {
    [report.summary ?? "no findings", testWords].compactMap(\.self).joined(separator: ", ")
  }

  /// `12 tests passed`; nil without tests.
  private var testWords: String? {
    guard let tests = review.tests, !tests.results.isEmpty else { return nil }
    return tests.failedCount == 0
      ? "\(Plural.of(tests.passedCount, "test")) passed"
      : "\(tests.failedCount) of \(Plural.of(tests.results.count, "test")) failed"
  }

  // MARK: Markdown

  /// A comment on a pull request; the first line lets a job find its own comment again.
  func markdown() -> String {
    var text = "<!-- ensign check -->\n### Flags: \(review.isFailed ? "❌ " : "")\(headline)\n\n"
    for note in review.notes { text += "\(Markdown.escaped(note))\n\n" }
    // What findings need, but a third at most: the plan is what the comment is for.
    let whole = report.markdown(within: Markdown.greatestSize).utf8.count
    let room = Markdown.greatestSize - text.utf8.count - min(whole, Markdown.greatestSize / 3)
    if let sheet {
      let summary = Markdown.escaped(sheet.summary) + "."
      text += "\(summary)\n\n" + sheet.markdown(within: room - summary.utf8.count - 2)
    }
    return text + report.markdown(within: Markdown.greatestSize - text.utf8.count)
  }
}
