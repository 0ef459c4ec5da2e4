package import Ensign
internal import YAML

extension ReportFormat {
  /// For programs: one JSON document.
  ///
  /// Its members, besides those that explain themselves: `file` from the repository's top; `start` and `end` with `line`
  /// and `column` from 1, columns in Unicode scalars, `end` behind the last character; `flag` and `environment` where the
  /// finding concerns one; `notes`, other places, with `message`, `file`, `start` and `end`; `fix` with `title`,
  /// `applicability` (`safe`: `--fix` applies it; `unsafe`: a guess) and `edits`, replacements of `start` to `end` of the
  /// same file, in ascending order. Absent means there is none.
  package static let json = ReportFormat(
    name: "json", summary: "For programs, one JSON document",
    render: { report in
      var json = CanonicalJSON(capacity: 256 + report.findings.count * 512)
      json.beginObject()
      json.members(of: report)
      json.endObject()
      return json.bytes + [UInt8(ascii: "\n")]
    })
}

extension CanonicalJSON {
  /// Writes the members `findings` and `summary`.
  package mutating func members(of report: Report) {
    array("findings", report.findings) { $0.append($1, report) }
    object("summary") { json in
      for (name, level) in [("errors", Finding.Level.error), ("warnings", .warning), ("information", .information)] {
        json.number(name, report.count(level))
      }
    }
  }

  private mutating func append(_ finding: Finding, _ report: Report) {
    beginObject()
    member("code", finding.code.description)
    member("name", RuleRegistry.rule(finding.code.description)?.name)
    member("level", finding.level.rawValue)
    member("message", finding.message)
    member("help", finding.help)
    member("file", report.path(of: finding.file))
    append(finding.range)
    member("flag", finding.flag)
    member("environment", finding.environment)
    if !finding.notes.isEmpty {
      key("notes")
      beginArray()
      for note in finding.notes {
        beginObject()
        member("message", note.message)
        member("file", report.path(of: note.file))
        append(note.range)
        endObject()
      }
      endArray()
    }
    if let fix = finding.fix { append(fix) }
    endObject()
  }

  private mutating func append(_ fix: Finding.Fix) {
    key("fix")
    beginObject()
    member("title", fix.title)
    member("applicability", fix.applicability.rawValue)
    key("edits")
    beginArray()
    for edit in fix.edits {
      beginObject()
      append(edit.range)
      member("replacement", edit.replacement)
      endObject()
    }
    endArray()
    endObject()
  }

  private mutating func append(_ range: SourceRange) {
    for (name, position) in [("start", range.start), ("end", range.end)] {
      key(name)
      beginObject()
      key("line")
      append(Int(position.line))
      key("column")
      append(Int(position.column))
      endObject()
    }
  }

  private mutating func member(_ name: String, _ value: String?) {
    guard let value else { return }
    key(name)
    append(value)
  }
}
