package import YAML

extension Site {
  /// A finding of a rule here.
  func finding(
    _ rule: Rule, _ message: String, help: String, at range: SourceRange, notes: [Finding.Note] = [],
    fix: Finding.Fix? = nil
  ) -> Finding {
    Finding(
      rule.code, level: rule.level, message: message, help: help, file: file, range: range, notes: notes, fix: fix,
      flag: flag, environment: environment)
  }
}

extension Site {
  /// A finding of a rule about an unknown name here.
  func finding(
    _ rule: Rule, _ message: String, suggestion: Suggestion, notes: [Finding.Note] = []
  ) -> Finding {
    var finding = finding(rule, message, help: "", at: suggestion.typed.range, notes: notes)
    finding.suggestion = suggestion
    return finding
  }
}

extension SourceRange {
  /// The place of findings about a file as a whole: an empty range at its beginning.
  package static let wholeFile = SourceRange(
    start: SourcePosition(line: 1, column: 1), end: SourcePosition(line: 1, column: 1))
}

extension Finding.Fix {
  /// The guess that another name was meant: shown, never applied.
  static func rename(to name: String, at range: SourceRange) -> Finding.Fix {
    Finding.Fix(
      title: "write \(name.quoted)", applicability: .unsafe,
      edits: [Edit(range: range, replacement: PlainScalar.text(of: name))])
  }

  /// The removal of an entry of a list.
  static func remove(_ noun: String, at range: SourceRange) -> Finding.Fix {
    Finding.Fix(title: "remove the \(noun)", applicability: .safe, edits: [Edit(removingEntry: range)])
  }
}

/// A count with its noun: "1 key", "2 keys".
func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(count) \(count == 1 ? singular : plural ?? singular + "s")"
}
