internal import Ensign
internal import FlagSource

extension FlagTestReport {
  /// The report for people: each failure with its circumstances and the trace of its evaluation, then the counts.
  ///
  /// - Parameters:
  ///   - prefix: stands before the paths, such as `flags/`.
  ///   - coverage: whether to list the parts that decided no test.
  package func text(below prefix: String, coverage showsCoverage: Bool = false) -> String {
    var text = ""
    for result in results where !result.failures.isEmpty {
      for line in lines(of: result, below: prefix) { text += line + "\n" }
      text += "\n"
    }
    text += "\(results.count) \(results.count == 1 ? "test" : "tests"), \(passedCount) passed, \(failedCount) failed\n"
    if showsCoverage { text += coverageText(below: prefix) }
    return text
  }

  /// A failure in lines: the place and name, what differs, under which circumstances, and the trace.
  func lines(of result: Result, below prefix: String) -> [String] {
    let test = result.test
    var lines = ["\(place(test.file, test.range, below: prefix)): failed: \(PlainText.visible(test.name))"]
    for failure in result.failures { lines.append("  " + PlainText.visible(failure.sentence(got: result.got))) }
    lines.append("  \(test.flag) in \(test.environment), given \(PlainText.visible(test.circumstances))")
    if let trace = result.trace { lines += trace.lines.map { "    " + PlainText.visible($0) } }
    return lines
  }

  private func coverageText(below prefix: String) -> String {
    var text = "\(coverage.decidedCount) of \(coverage.partCount) rules and other parts decided a test\n"
    for part in coverage.undecided {
      let words = "no test is decided by \(part.place.name) (\(part.flag) in \(part.environment))"
      text += "\(place(part.file, part.range, below: prefix)): \(PlainText.visible(words))\n"
    }
    return text
  }
}
