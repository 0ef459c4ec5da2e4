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
        json.member(name, report.count(level))
      }
    }
  }

  private mutating func append(_ finding: Finding, _ report: Report) {
    beginObject()
    member("code", finding.code.description)
    memberIfAny("name", RuleRegistry.rule(finding.code.description)?.name)
    member("level", finding.level.rawValue)
    member("message", finding.message)
    member("help", finding.help)
    member("file", report.path(of: finding.file))
    append(finding.range)
    memberIfAny("flag", finding.flag)
    memberIfAny("environment", finding.environment)
    if !finding.notes.isEmpty {
      array("notes", finding.notes) { json, note in
        json.object { json in
          json.member("message", note.message)
          json.member("file", report.path(of: note.file))
          json.append(note.range)
        }
      }
    }
    if let fix = finding.fix { append(fix) }
    endObject()
  }

  private mutating func append(_ fix: Finding.Fix) {
    object("fix") { json in
      json.member("title", fix.title)
      json.member("applicability", fix.applicability.rawValue)
      json.array("edits", fix.edits) { json, edit in
        json.object { json in
          json.append(edit.range)
          json.member("replacement", edit.replacement)
        }
      }
    }
  }

  private mutating func append(_ range: SourceRange) {
    for (name, position) in [("start", range.start), ("end", range.end)] {
      object(name) { json in
        json.member("line", position.line)
        json.member("column", position.column)
      }
    }
  }
}
