internal import Ensign
internal import YAML

extension ReportFormat {
  /// SARIF 2.1.0, as code scanning services and editors read it.
  package static let sarif = ReportFormat(
    name: "sarif", summary: "SARIF 2.1.0, for code scanning services and editors",
    render: { report in
      var log = SARIFLog(report)
      log.write()
      return log.json.bytes + [UInt8(ascii: "\n")]
    })
}

/// Writes a SARIF log of one run.
///
/// The names are those of the standard's section 3.
private struct SARIFLog {
  var json: CanonicalJSON
  private let report: Report
  /// The rules that the findings are of, by their position in the log.
  private let rules: [Rule]
  private let positions: [RuleCode: Int]

  init(_ report: Report) {
    self.report = report
    let codes = Set(report.findings.map(\.code))
    rules = RuleRegistry.all.filter { codes.contains($0.code) }
    positions = Dictionary(uniqueKeysWithValues: rules.enumerated().map { ($1.code, $0) })
    json = CanonicalJSON(capacity: 2_048 + report.findings.count * 1_024)
  }

  mutating func write() {
    let (report, rules, positions) = (report, rules, positions)
    json.object { json in
      json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      json.member("version", "2.1.0")
      json.array("runs", CollectionOfOne(())) { json, _ in
        json.object { json in
          json.object("tool") { json in
            json.object("driver") { json in
              json.member("name", "ensign")
              json.member("version", LibraryVersion.text)
              json.member("semanticVersion", LibraryVersion.text)
              json.array("rules", rules) { $0.sarif($1) }
            }
          }
          json.member("columnKind", "unicodeCodePoints")
          json.array("results", zip(report.findings, report.identities)) { json, element in
            json.sarif(element.0, element.1, ruleIndex: positions[element.0.code], report)
          }
        }
      }
    }
  }
}

extension CanonicalJSON {
  fileprivate mutating func sarif(_ rule: Rule) {
    object { json in
      json.member("id", rule.code.description)
      json.member("name", rule.name)
      json.object("shortDescription") { $0.member("text", rule.summary) }
      json.object("fullDescription") { $0.member("text", rule.explanation) }
      json.object("help") { json in
        json.member("text", "\(rule.explanation) See: ensign rules \(rule.code)")
        json.member("markdown", RuleManual.markdown(of: rule))
      }
      json.object("defaultConfiguration") { $0.member("level", rule.level.sarifLevel) }
    }
  }

  fileprivate mutating func sarif(
    _ finding: Finding, _ identity: FindingIdentity, ruleIndex: Int?, _ report: Report
  ) {
    object { json in
      json.member("ruleId", finding.code.description)
      if let ruleIndex { json.member("ruleIndex", ruleIndex) }
      json.member("level", finding.level.sarifLevel)
      json.object("message") {
        $0.member("text", "\(finding.message.capitalizedSentence) \(finding.help.capitalizedSentence)")
      }
      json.array("locations", CollectionOfOne(())) { json, _ in
        json.object { $0.sarifPlace(report.path(of: finding.file), finding.range) }
      }
      if !finding.notes.isEmpty {
        json.array("relatedLocations", finding.notes.enumerated()) { json, element in
          json.object { json in
            json.member("id", element.offset)
            json.sarifPlace(report.path(of: element.element.file), element.element.range)
            json.object("message") { $0.member("text", element.element.message.capitalizedSentence) }
          }
        }
      }
      json.object("partialFingerprints") { $0.member("ensignIdentity/v1", identity.fingerprint) }
      if let fix = finding.fix { json.sarif(fix, of: report.path(of: finding.file)) }
    }
  }

  private mutating func sarif(_ fix: Finding.Fix, of path: String) {
    array("fixes", CollectionOfOne(fix)) { json, fix in
      json.object { json in
        json.object("description") { $0.member("text", fix.title.capitalizedSentence) }
        json.array("artifactChanges", CollectionOfOne(())) { json, _ in
          json.object { json in
            json.sarifArtifact(path)
            json.array("replacements", fix.edits) { json, edit in
              json.object { json in
                json.sarif("deletedRegion", edit.range)
                if !edit.replacement.isEmpty { json.object("insertedContent") { $0.member("text", edit.replacement) } }
              }
            }
          }
        }
      }
    }
  }

  private mutating func sarifPlace(_ path: String, _ range: SourceRange) {
    object("physicalLocation") { json in
      json.sarifArtifact(path)
      json.sarif("region", range)
    }
  }

  private mutating func sarifArtifact(_ path: String) {
    object("artifactLocation") { json in
      json.member("uri", path.percentEncoded)
      json.member("uriBaseId", "%SRCROOT%")
    }
  }

  private mutating func sarif(_ name: String, _ range: SourceRange) {
    object(name) { json in
      json.member("startLine", range.start.line)
      json.member("startColumn", range.start.column)
      json.member("endLine", range.end.line)
      json.member("endColumn", range.end.column)
    }
  }
}

extension Finding.Level {
  fileprivate var sarifLevel: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .information: "note"
    }
  }
}

extension String {
  /// The path as a relative reference of RFC 3986.
  fileprivate var percentEncoded: String {
    let hexadecimal = Array("0123456789ABCDEF".utf8)
    return String(
      decoding: utf8.flatMap { byte -> [UInt8] in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "~"), UInt8(ascii: "/"):
          [byte]
        default: [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
        }
      }, as: UTF8.self)
  }
}
