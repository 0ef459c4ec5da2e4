internal import YAML

extension ReportFormat {
  /// For a comment: a line that sums up, and the findings folded away.
  package static let markdown = ReportFormat(
    name: "markdown", summary: "For a comment on a pull request or a job's summary",
    render: { report in
      let heading = "### ensign: \(report.summary ?? "no findings")\n"
      return Array((heading + report.markdown(within: Markdown.greatestSize - heading.utf8.count)).utf8)
    })
}

extension Report {
  /// The findings as a folded list; empty when there are none.
  ///
  /// The most severe stand first. What does not fit is counted.
  package func markdown(within size: Int) -> String {
    guard let summary else { return "" }
    let head = "\n<details><summary>\(summary)</summary>\n\n"
    let tail = "\n</details>\n"
    let room = size - head.utf8.count - tail.utf8.count - 80
    var list = ""
    var rest = 0
    for level in Finding.Level.allCases.sorted(by: >) {
      for finding in findings where finding.level == level {
        let item = markdown(of: finding)
        if rest > 0 || list.utf8.count + item.utf8.count > room { rest += 1 } else { list += item }
      }
    }
    if rest > 0 { list += "- … and \(counted(rest, "more finding")), which this comment has no room for\n" }
    return head + list + tail
  }

  private func markdown(of finding: Finding) -> String {
    let place = "\(path(of: finding.file)):\(finding.range.start.line):\(finding.range.start.column)"
    var item = "- **\(finding.level.rawValue)** \(Markdown.escaped(finding.ruleTitle)) at \(Markdown.code(place)): "
    item += Markdown.words(finding.message) + "\n"
    for note in finding.notes {
      let place = "\(path(of: note.file)):\(note.range.start.line):\(note.range.start.column)"
      item += "  - \(Markdown.code(place)): \(Markdown.words(note.message))\n"
    }
    return item + "  - help: \(Markdown.words(finding.help))\n"
  }
}
