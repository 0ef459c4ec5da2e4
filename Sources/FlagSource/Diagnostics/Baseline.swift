internal import Ensign

/// Findings that somebody has seen and lives with: only new ones are reported beside them.
///
/// Errors are never in it.
package struct Baseline: Sendable {
  /// The greatest number of bytes of a baseline's file.
  package static let greatestSize = 64 << 20

  private let identities: Set<FindingIdentity>

  /// Why a file is no baseline, as a sentence without a full stop.
  package struct Failure: Error, Hashable, Sendable {
    package var reason: String
  }

  /// The findings of a report that are no errors.
  package init(of report: Report) {
    identities = Set(zip(report.findings, report.identities).filter { $0.0.level != .error }.map(\.1))
  }

  /// How many findings it has.
  package var count: Int { identities.count }

  /// The findings of a report that are new, and how many are not; errors are always new.
  package func split(_ report: Report) -> (new: [Finding], known: Int) {
    let new = zip(report.findings, report.identities).filter { $0.0.level == .error || !identities.contains($0.1) }
    return (new.map(\.0), report.findings.count - new.count)
  }

  // MARK: The file

  /// The document, the same for the same findings, with a line for each.
  package var document: [UInt8] {
    var lines: [[UInt8]] = []
    for identity in identities.sorted() {
      var json = CanonicalJSON()
      json.object { json in
        json.member("code", identity.code)
        if let flag = identity.flag { json.member("flag", flag) }
        if let environment = identity.environment { json.member("environment", environment) }
        if let file = identity.file { json.member("file", file) }
        json.array("field", identity.field) { $0.append($1) }
        if identity.occurrence > 0 { json.member("occurrence", identity.occurrence) }
      }
      lines.append(json.bytes)
    }
    var bytes = Array("{\"format\":1,\"findings\":[".utf8)
    for (index, line) in lines.enumerated() { bytes += (index > 0 ? ",\n" : "\n").utf8 + line }
    return bytes + Array("\n]}\n".utf8)
  }

  /// Reads what ``document`` wrote.
  package init(_ bytes: [UInt8]) throws(Failure) {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw Failure(reason: "it is no JSON: \(error)")
    }
    guard value["format"]?.integer == 1, let findings = value["findings"]?.array else {
      throw Failure(reason: "it is no object with `format` 1 and `findings`")
    }
    var identities: Set<FindingIdentity> = []
    for (index, finding) in findings.enumerated() {
      guard let code = finding["code"]?.string, let field = finding["field"]?.array else {
        throw Failure(reason: "the entry \(index + 1) of `findings` lacks `code` or `field`")
      }
      identities.insert(
        FindingIdentity(
          code: code, flag: finding["flag"]?.string, environment: finding["environment"]?.string,
          file: finding["file"]?.string, field: field.compactMap(\.string),
          occurrence: finding["occurrence"]?.integer.map { Int($0) } ?? 0))
    }
    self.identities = identities
  }
}
