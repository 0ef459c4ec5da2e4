internal import Ensign
internal import Synchronization

/// Snapshots in the languages of others, over HTTP.
package final class ExportService: Sendable {
  /// The forms of an export.
  package enum Form: String, CaseIterable, Sendable {
    /// `/v1/environments/<env>/flagd.json`.
    case flagd
    /// `/v1/environments/<env>/manifest.json`.
    case manifest
    /// `/openfeature/v0/manifest`.
    case manifestList
  }

  private struct Entry {
    let version: String
    let document: [UInt8]
  }

  /// The documents of the newest state of each environment: they are made once, and asked for often.
  private let made = Mutex<[String: Entry]>([:])

  /// A service that has made nothing yet.
  package init() {}

  /// Answers GET and HEAD with an environment's export, or 304.
  package func answer(_ request: Request, _ form: Form, of environment: ServedEnvironment) -> Response {
    let version = "\(environment.sha256.prefix(32))-\(environment.version)"
    var headers = [
      Response.Header("ETag", "\"\(form.rawValue)-\(version)\""),
      Response.Header("Cache-Control", "max-age=10, stale-if-error=86400"),
    ]
    if form == .manifestList { headers.append(Response.Header("X-Manifest-Capabilities", "read")) }
    if let condition = request.headerList("if-none-match"), EntityTag.matches(headers[0].value, field: condition) {
      return Response(status: 304, headers: headers)
    }
    guard let document = document(form, of: environment, version: version) else {
      return Response(status: 500)
    }
    return Response(status: 200, headers: headers, json: document)
  }

  private func document(_ form: Form, of environment: ServedEnvironment, version: String) -> [UInt8]? {
    let name = "\(form.rawValue)/\(environment.name)"
    if let entry = made.withLock({ $0[name] }), entry.version == version { return entry.document }
    guard let document = try? Self.make(form, of: environment) else { return nil }
    made.withLock { $0[name] = Entry(version: version, document: document) }
    return document
  }

  private static func make(_ form: Form, of environment: ServedEnvironment) throws(JSONError) -> [UInt8] {
    switch form {
    case .flagd: try FlagdExport(environment.bytes, version: environment.version).document
    case .manifest: try OpenFeatureManifest(environment.bytes).file
    case .manifestList: try OpenFeatureManifest(environment.bytes).list
    }
  }
}
