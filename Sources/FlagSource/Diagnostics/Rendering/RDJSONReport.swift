internal import Ensign
internal import YAML

extension ReportFormat {
  /// The diagnostic format of reviewdog, with fixes as suggestions.
  ///
  /// Its columns count bytes.
  package static let rdjson = ReportFormat(
    name: "rdjson", summary: "For reviewdog, with fixes as suggestions",
    render: { report in
      var json = CanonicalJSON(capacity: 128 + report.findings.count * 512)
      var columns = ByteColumns(bytes: report.bytes)
      json.object { json in
        json.object("source") { $0.member("name", "ensign") }
        json.array("diagnostics", report.findings) { json, finding in
          json.object { json in
            json.member("message", "\(finding.message.capitalizedSentence) \(finding.help.capitalizedSentence)")
            json.object("location") { json in
              json.member("path", report.path(of: finding.file))
              json.rdjson(columns.range(finding.range, in: finding.file))
            }
            json.member("severity", finding.level.rdjsonSeverity)
            json.object("code") { $0.member("value", finding.code.description) }
            if let suggestion = finding.fix.flatMap({ columns.suggestion($0, in: finding.file) }) {
              json.array("suggestions", CollectionOfOne(suggestion)) { json, suggestion in
                json.object { json in
                  json.rdjson(suggestion.range)
                  json.member("text", suggestion.text)
                }
              }
            }
          }
        }
      }
      return json.bytes + [UInt8(ascii: "\n")]
    })
}

/// Ranges whose columns count bytes, from those that count characters.
private struct ByteColumns {
  private let bytes: (FileReference) -> [UInt8]?
  private var source: (file: FileReference, text: EditableText?)?

  init(bytes: @escaping (FileReference) -> [UInt8]?) { self.bytes = bytes }

  private mutating func text(of file: FileReference) -> EditableText? {
    if source?.file != file { source = (file, bytes(file).map { EditableText($0) }) }
    return source?.text
  }

  /// The same range; of a file that cannot be read, its lines only.
  mutating func range(_ range: SourceRange, in file: FileReference) -> (start: Place, end: Place) {
    guard let text = text(of: file), let offsets = text.offsets(of: range) else {
      return (Place(line: range.start.line, column: nil), Place(line: range.lastLine, column: nil))
    }
    return (
      Place(line: range.start.line, column: text.byteColumn(of: offsets.lowerBound)),
      Place(line: range.end.line, column: text.byteColumn(of: offsets.upperBound))
    )
  }

  /// The edits of a fix as one replacement, because each suggestion has to be right on its own.
  mutating func suggestion(
    _ fix: Finding.Fix, in file: FileReference
  ) -> (range: (start: Place, end: Place), text: String)? {
    guard let text = text(of: file), let first = fix.edits.first, let last = fix.edits.last else { return nil }
    var replacement: [UInt8] = []
    var end: Int?
    for edit in fix.edits {
      guard let offsets = text.offsets(of: edit.range) else { return nil }
      if let end {
        guard end <= offsets.lowerBound else { return nil }
        replacement += text.bytes[end..<offsets.lowerBound]
      }
      replacement += edit.replacement.utf8
      end = offsets.upperBound
    }
    let whole = SourceRange(start: first.range.start, end: last.range.end)
    return (range(whole, in: file), String(decoding: replacement, as: UTF8.self))
  }

  struct Place {
    let line: UInt32
    /// From 1, in bytes; nil for the whole line.
    let column: Int?
  }
}

extension EditableText {
  /// The column of a byte, from 1, in bytes; a byte order mark belongs to no line.
  fileprivate func byteColumn(of offset: Int) -> Int { offset - startOfLine(at: offset) + 1 }
}

extension CanonicalJSON {
  fileprivate mutating func rdjson(_ range: (start: ByteColumns.Place, end: ByteColumns.Place)) {
    object("range") { json in
      for (name, place) in [("start", range.start), ("end", range.end)] {
        json.object(name) { json in
          json.member("line", place.line)
          if let column = place.column { json.member("column", column) }
        }
      }
    }
  }
}

extension Finding.Level {
  fileprivate var rdjsonSeverity: String {
    switch self {
    case .error: "ERROR"
    case .warning: "WARNING"
    case .information: "INFO"
    }
  }
}

extension SourceRange {
  /// The last line that has something of the range.
  var lastLine: UInt32 { end.column == 1 && end.line > start.line ? end.line - 1 : end.line }
}
