internal import Ensign

/// The OpenFeature Remote Evaluation Protocol 0.3: a function from requests to responses.
package struct OFREPService: Sendable {
  /// What can be chosen about it.
  package struct Configuration: Sendable {
    /// The environment of requests that say none.
    package var defaultEnvironment: String?
    /// Whether answers of all flags have top-level `metadata`: one client refuses members that it does not know.
    package var sendsBulkMetadata = true
    /// Whether answers of all flags say where changes are announced: the same client refuses that too.
    package var sendsEventStreams = true
    /// The URL at which clients reach the server, without a slash at its end; nil when they find the stream at the
    /// origin that they have.
    package var publicURL: String?
    /// Whose web pages may call.
    package var crossOrigin = CrossOrigin.everyone

    /// The usual choices.
    package init(defaultEnvironment: String? = nil) { self.defaultEnvironment = defaultEnvironment }
  }

  /// What is told to who counts: the environment, and how many flags were evaluated.
  package typealias Observer = @Sendable (_ environment: String, _ flags: Int) -> Void

  private let configuration: Configuration
  private let observe: Observer

  /// A service with its choices.
  package init(_ configuration: Configuration, observe: @escaping Observer = { _, _ in }) {
    self.configuration = configuration
    self.observe = observe
  }

  /// Whether a path belongs to the protocol, below an environment or not.
  package static func claims(path: String) -> Bool { OFREPRoute(path: path) != nil }

  /// Answers a request whose path belongs to the protocol.
  ///
  /// - Parameters:
  ///   - environments: what is served now.
  ///   - access: who may evaluate.
  ///   - holder: who sent the request, as `access` says.
  package func answer(
    _ request: Request, from environments: EnvironmentTable, access: AccessTable, holder: AccessHolder
  ) -> Response {
    var response = answered(request, from: environments, access: access, holder: holder)
    // A preflight's answer has them already.
    if request.method != "OPTIONS" { response.headers += configuration.crossOrigin.headers(for: request) }
    return response
  }

  /// A response to a request that something outside the protocol refuses: its body is too large, or it is one of too
  /// many.
  package func refuse(_ request: Request, _ failure: OFREPFailure) -> Response {
    var response = failure.response(key: OFREPRoute(path: request.path)?.key ?? "")
    response.headers += configuration.crossOrigin.headers(for: request)
    return response
  }

  private func answered(
    _ request: Request, from environments: EnvironmentTable, access: AccessTable, holder: AccessHolder
  ) -> Response {
    guard let route = OFREPRoute(path: request.path) else {
      return OFREPFailure(status: 404, .general, "there is no such route").response(key: "")
    }
    if request.method == "OPTIONS" { return configuration.crossOrigin.preflight(request) }
    var environment: ServedEnvironment?
    do throws(OFREPFailure) {
      if case .unknown = route.target {
        throw OFREPFailure(
          status: 404, .flagNotFound, "there is no such route; flags are at /ofrep/v1/evaluate/flags/<key>")
      }
      guard request.method == "POST" else {
        throw OFREPFailure(
          status: 405, .general, "evaluations are asked for with POST",
          headers: [Response.Header("Allow", "POST, OPTIONS")])
      }
      let name = try environmentName(route, request, access, holder)
      let found = try find(name, in: environments)
      environment = found
      switch route.target {
      case .flag: return try evaluateOne(route.key, request, in: found)
      case .all, .unknown: return try evaluateAll(request, in: found)
      }
    } catch {
      return error.response(key: route.key, environment: environment)
    }
  }

  // MARK: Which environment

  /// The environment asked for: of the path, the token, the selector, or the default.
  ///
  /// A holder without the right to one learns the same whether it exists or not.
  private func environmentName(
    _ route: OFREPRoute, _ request: Request, _ access: AccessTable, _ holder: AccessHolder
  ) throws(OFREPFailure) -> String {
    switch access.decide(.anyToken, for: holder) {
    case .granted: break
    case .unauthorized, .forbidden: throw .unauthorized
    }
    let selected = try Self.selection(request)
    guard let name = route.environment ?? holder.environment ?? selected ?? configuration.defaultEnvironment else {
      throw OFREPFailure(
        status: 400, .general,
        "no environment is chosen: put it before the path, as in /production/ofrep/v1/evaluate/flags")
    }
    guard access.decide(.environment(name, .evaluate), for: holder) == .granted else { throw .forbidden(name) }
    return name
  }

  /// The environment that the header `Flagd-Selector: flagSetId=<environment>` names.
  private static func selection(_ request: Request) throws(OFREPFailure) -> String? {
    guard let selector = request.header("flagd-selector"), !selector.isEmpty else { return nil }
    guard selector.hasPrefix("flagSetId="), selector.utf8.count > 10 else {
      throw OFREPFailure(status: 400, .general, "Flagd-Selector: expected flagSetId=<environment>")
    }
    return String(selector.dropFirst(10))
  }

  private func find(_ name: String, in environments: EnvironmentTable) throws(OFREPFailure) -> ServedEnvironment {
    if let environment = environments.served[name] { return environment }
    guard environments.awaited.contains(name) else {
      throw OFREPFailure(status: 404, .flagNotFound, "there is no environment '\(name)' here")
    }
    throw OFREPFailure(
      status: 503, .general, "the environment '\(name)' has no verified snapshot yet",
      headers: [Response.Header("Retry-After", "1")])
  }

  // MARK: Evaluating

  private func evaluateOne(
    _ key: String, _ request: Request, in environment: ServedEnvironment
  ) throws(OFREPFailure) -> Response {
    let context = try EvaluationRequest.context(of: request)
    guard let flag = environment.snapshot.flag(key) else {
      throw OFREPFailure(status: 404, .flagNotFound, "the environment '\(environment.name)' has no such flag")
    }
    observe(environment.name, 1)
    var json = CanonicalJSON(capacity: 320)
    json.append(flag.evaluate(in: context), type: flag.type, in: environment)
    return Response(status: 200, json: json.bytes)
  }

  private func evaluateAll(_ request: Request, in environment: ServedEnvironment) throws(OFREPFailure) -> Response {
    let context = try EvaluationRequest.context(of: request)
    let condition = request.headerList("if-none-match")
    // What does not depend on the time is known to be the same without evaluating it again.
    let known = environment.notes.dependsOnTime ? nil : tag(context, environment)
    if let known, let condition, EntityTag.matches(known, field: condition) { return Self.notModified(known) }
    let body = document(context, in: environment)
    let tag = known ?? Self.tag(SHA256.digest(body))
    if let condition, EntityTag.matches(tag, field: condition) { return Self.notModified(tag) }
    return Response(status: 200, headers: [Response.Header("ETag", tag)], json: body)
  }

  private static func notModified(_ tag: String) -> Response {
    Response(status: 304, headers: [Response.Header("ETag", tag)])
  }

  private static func tag(_ digest: [UInt8]) -> String { "\"\(Hexadecimal.encode(digest.prefix(16)))\"" }

  /// The tag of what a context is answered: over all that goes into it.
  private func tag(_ context: Context, _ environment: ServedEnvironment) -> String {
    var text = CanonicalJSON()
    text.beginArray()
    text.append(environment.sha256)
    text.appendMetadataValues(of: environment)
    text.append(configuration.sendsBulkMetadata)
    text.append(configuration.sendsEventStreams)
    text.append(configuration.publicURL ?? "")
    text.append(fingerprint: context)
    text.endArray()
    return Self.tag(SHA256.digest(text.bytes))
  }

  /// The document of all flags.
  private func document(_ context: Context, in environment: ServedEnvironment) -> [UInt8] {
    let snapshot = environment.snapshot
    observe(environment.name, snapshot.count)
    var json = CanonicalJSON(capacity: snapshot.count * 192 + 256)
    json.beginObject()
    json.key(literal: "flags")
    json.beginArray()
    snapshot.forEachEvaluation(in: context) { json.append($0, type: $1, in: environment) }
    json.endArray()
    if configuration.sendsBulkMetadata {
      json.key(literal: "metadata")
      json.beginObject()
      json.appendMetadata(of: environment)
      json.endObject()
    }
    if configuration.sendsEventStreams { appendEventStreams(of: environment, to: &json) }
    json.endObject()
    return json.bytes
  }

  private func appendEventStreams(of environment: ServedEnvironment, to json: inout CanonicalJSON) {
    let path = OFREPEvents.path(of: environment.name)
    json.key(literal: "eventStreams")
    json.beginArray()
    json.beginObject()
    json.key(literal: "type")
    json.append("sse")
    if let origin = configuration.publicURL {
      json.key(literal: "url")
      json.append(origin + path)
    } else {
      json.key(literal: "endpoint")
      json.beginObject()
      json.key(literal: "requestUri")
      json.append(path)
      json.endObject()
    }
    json.key(literal: "inactivityDelaySec")
    json.append(120)
    json.endObject()
    json.endArray()
  }
}

extension OFREPFailure {
  fileprivate static let unauthorized = Self(
    status: 401, .general, "a valid token is needed: Authorization: Bearer <token>, or X-API-Key",
    headers: [Response.Header("WWW-Authenticate", "Bearer")])

  fileprivate static func forbidden(_ environment: String) -> Self {
    Self(status: 403, .general, "the token does not open the environment '\(environment)' for evaluation")
  }
}

extension OFREPRoute {
  /// The key that was asked for, decoded once; as it was sent where that cannot be decoded.
  var key: String {
    switch target {
    case .flag(let key), .unknown(let key): PercentDecoding.decode(key) ?? key
    case .all: ""
    }
  }
}
