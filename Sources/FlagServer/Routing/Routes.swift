internal import Ensign
package import HTTP
internal import Synchronization

/// All that the server answers, by method and path.
package final class Routes: RequestHandler {
  /// What can be chosen.
  package struct Configuration: Sendable {
    /// How flags are evaluated for clients of the OpenFeature Remote Evaluation Protocol.
    package var evaluation = OFREPService.Configuration()
    /// How many requests a second a token, or without one an address, may make; nil for any number.
    package var requestsPerSecond: Int?
    /// What takes publications; nil when the server takes none.
    package var publishing: PublishService?

    /// The usual choices.
    package init() {}
  }

  /// The greatest body of an evaluation: a context.
  private static let greatestContext = 1 << 20

  let distribution: Distribution
  private let evaluation: OFREPService
  private let exports = ExportService()
  private let publishing: PublishService?
  /// What the server counts.
  package let metrics: MetricRegistry
  private let counter: RequestCounter
  private let evaluationTimes: MetricHistogram
  /// How many connections are open.
  private let connectionCount = Mutex<@Sendable () -> Int>({ 0 })
  private let defaultEnvironment: String?
  private let crossOrigin: CrossOrigin
  private let access: Mutex<AccessTable>
  /// Whether tokens are asked for, which never changes: without them nobody needs the lock.
  private let isControlled: Bool
  private let limit: RateLimit?

  /// Routes to what is distributed.
  package init(
    _ distribution: Distribution, access: AccessTable, metrics: MetricRegistry, _ configuration: Configuration
  ) {
    self.distribution = distribution
    self.metrics = metrics
    self.access = Mutex(access)
    isControlled = access.isControlled
    evaluationTimes = metrics.histogram(.requestDuration, RequestCounter.Route.evaluation.name)
    evaluation = OFREPService(configuration.evaluation) { environment, flags in
      metrics.value(.evaluations, environment).add(Double(flags))
    }
    defaultEnvironment = configuration.evaluation.defaultEnvironment
    crossOrigin = configuration.evaluation.crossOrigin
    publishing = configuration.publishing
    counter = RequestCounter(metrics)
    limit = configuration.requestsPerSecond.map { RateLimit(perSecond: Double($0), burst: Double(2 * $0)) }
  }

  /// Puts other tokens in force.
  package func replace(access: AccessTable) { self.access.withLock { $0 = access } }

  /// Tells the metrics where connections are counted.
  package func countConnections(_ count: @escaping @Sendable () -> Int) { connectionCount.withLock { $0 = count } }

  package func tick() { distribution.tick() }

  // MARK: - Answering

  package func answer(_ head: borrowing RequestHead) -> Answer {
    let access = isControlled ? access.withLock { $0 } : .open
    let isReading = head.method == .get || head.method == .head
    if isReading, limit == nil, let published = distribution.now.published(for: head) {
      return answer(published, head, access)
    }
    let request = Request(head)
    let holder = access.holder(of: request)
    if let wait = excess(of: holder, request) { return send(wait) }
    if let published = distribution.now.published(for: head) {
      if request.method == "OPTIONS" { return send(crossOrigin.preflight(request)) }
      return isReading ? answer(published, head, access) : send(Self.notAllowed)
    }
    if OFREPService.claims(path: request.path) { return evaluate(request, access, holder) }
    if request.method == "OPTIONS" { return send(crossOrigin.preflight(request)) }
    if let environment = Self.environment(in: request.path, before: "/events") {
      return events(of: environment, head, request, access, holder)
    }
    if request.path == "/v1/publish" { return publish(request, access, holder) }
    if let (form, environment) = export(at: request.path, holder) {
      return send(export(form, of: environment, request, access, holder), of: .export)
    }
    return send(document(request, access, holder) ?? Self.notFound)
  }

  package func response(to refusal: RequestRefusal, _ head: borrowing RequestHead) -> PreparedResponse? {
    let details =
      switch refusal {
      case .malformed(let fault): "the request is not well-formed: \(fault)"
      case .tooLarge(let limit): "the body has more than \(limit) bytes"
      case .busy: "the server has too much to do"
      }
    metrics.value(.refusedRequests, refusal.word).add()
    let path = head.path
    guard OFREPService.claims(path: path) else {
      return Response.problem(status: refusal.status, details).prepared(with: distribution.fields)
    }
    let failure = OFREPFailure(status: refusal.status, .general, details)
    return evaluation.refuse(Request(head), failure).prepared(with: distribution.fields)
  }

  /// The response when there were too many requests before.
  private func excess(of holder: AccessHolder, _ request: Request) -> Response? {
    guard let limit else { return nil }
    let now = Client.Surroundings.monotonic()
    let seconds = Double(now.components.seconds) + Double(now.components.attoseconds) * 1e-18
    guard let pause = limit.admit(holder.name ?? request.client, at: seconds) else { return nil }
    metrics.value(.deniedRequests, "limited").add()
    if OFREPService.claims(path: request.path) { return evaluation.refuse(request, .tooMany(retryAfter: pause)) }
    return .tooMany(retryAfter: pause)
  }

  // MARK: - Files

  private func answer(
    _ published: ServedState.Published, _ head: borrowing RequestHead, _ access: AccessTable
  ) -> Answer {
    if access.isControlled,
      let refusal = Self.refusal(access.decide(published.need, for: access.holder(of: Request(head))))
    {
      return send(refusal)
    }
    if let environment = published.latestOf, let seconds = Self.patience(head),
      let topic = distribution.topics(of: environment)?.manifests
    {
      // In this order: what is put in after the version was read wakes who waits for it.
      let version = topic.version
      if let latest = distribution.now.distributed[environment]?.latest, latest.isKnown(to: head) {
        return .after(topic, version: version, seconds: seconds) { self.latest(of: environment, unlike: latest.tag) }
      }
    }
    guard let response = published.resource.response(to: head) else { return .hangUp }
    counter.count(published.route, response.status)
    return .response(response)
  }

  /// The answer to who has waited: another manifest, or that it is still the same.
  private func latest(of environment: String, unlike tag: String) -> Answer {
    guard let latest = distribution.now.distributed[environment]?.latest else { return .hangUp }
    guard let response = latest.tag == tag ? latest.unchanged : latest.whole else { return .hangUp }
    counter.count(.manifest, response.status)
    return .response(response)
  }

  /// For how many seconds a client is ready to wait: `Prefer: wait=30` (RFC 7240), at most a minute.
  private static func patience(_ head: borrowing RequestHead) -> Int? {
    guard head.method == .get, let field = head.field("prefer") else { return nil }
    for preference in field.split(whereSeparator: { $0 == "," || $0 == ";" }) {
      let parts = preference.split(separator: "=")
      let name = parts.first.map { $0.filter { $0 != " " }.lowercased() }
      guard name == "wait", parts.count == 2, let seconds = Int(parts[1].filter { $0 != " " && $0 != "\"" }) else {
        continue
      }
      return seconds > 0 ? min(seconds, 60) : nil
    }
    return nil
  }

  // MARK: - Evaluations

  private func evaluate(_ request: Request, _ access: AccessTable, _ holder: AccessHolder) -> Answer {
    guard request.method == "POST" else {
      return send(
        evaluation.answer(request, from: distribution.now.environments, access: access, holder: holder), of: .evaluation
      )
    }
    return .body(limit: Self.greatestContext) { body in
      var request = request
      request.body = body
      let start = Client.Surroundings.monotonic()
      let response = self.evaluation.answer(
        request, from: self.distribution.now.environments, access: access, holder: holder)
      self.evaluationTimes.observe(since: start)
      return self.send(response, of: .evaluation)
    }
  }

  // MARK: - Events

  private func events(
    of environment: String, _ head: borrowing RequestHead, _ request: Request, _ access: AccessTable,
    _ holder: AccessHolder
  ) -> Answer {
    let isOfEvaluations = request.query == OFREPEvents.query
    let need = AccessNeed.environment(environment, isOfEvaluations ? .evaluate : .read)
    if let refusal = Self.refusal(access.decide(need, for: holder)) { return send(refusal) }
    guard head.method == .get || head.method == .head else { return send(Self.notAllowed) }
    guard let topics = distribution.topics(of: environment) else { return send(Self.notFound) }
    let topic = isOfEvaluations ? topics.evaluations : topics.snapshots
    let fields =
      [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"), ("X-Accel-Buffering", "no")]
      + crossOrigin.headers(for: request).map { ($0.name, $0.value) } + distribution.fields
    if head.method == .head {
      return (try? PreparedResponse(status: 200, fields: fields)).map(Answer.response) ?? .hangUp
    }
    // In this order: what is put in after the version was read is sent.
    let version = topic.version
    counter.count(.events, 200)
    let isKnown = request.header("last-event-id") == distribution.now.environments.served[environment]?.version
    return .events(topic, after: isKnown ? version : version - 1, fields: fields)
  }

  // MARK: - Publications

  private func publish(_ request: Request, _ access: AccessTable, _ holder: AccessHolder) -> Answer {
    guard let publishing else {
      return send(.problem(status: 404, "this server takes no publications: it follows another one, or asks no tokens"))
    }
    // Who may not publish need not send a snapshot to be told.
    if let refusal = publishing.refusal(of: request, access: access, holder: holder) {
      return send(refusal, of: .publish)
    }
    return .body(limit: PublishService.maximumSize) { body in
      // Verifying, compressing and waiting for the disk take their time.
      .work {
        var request = request
        request.body = body
        let start = Client.Surroundings.monotonic()
        let response = publishing.answer(request, access: access, holder: holder, now: .now())
        self.metrics.histogram(.requestDuration, RequestCounter.Route.publish.name).observe(since: start)
        self.counter.count(.publish, response.status)
        return response.prepared(with: self.distribution.fields)
      }
    }
  }

  // MARK: - Metrics

  private func exposition(_ isVisible: (String) -> Bool) -> Response {
    let state = distribution.now
    metrics.readProcess()
    metrics.value(.connections).set(Double(connectionCount.withLock { $0 }()))
    for (name, health) in state.health {
      for status in ClientStatus.allCases {
        metrics.value(.snapshotStatus, name, status.rawValue).set(status == health.status ? 1 : 0)
      }
      metrics.value(.snapshotReady, name).set(health.isReady ? 1 : 0)
      if let topics = distribution.topics(of: name) {
        metrics.value(.streams, name).set(Double(topics.streamCount))
      }
      guard let served = state.distributed[name] else { continue }
      metrics.value(.snapshotEpoch, name).set(Double(served.served.epoch))
      metrics.value(.snapshotSequence, name).set(Double(served.served.sequence))
      metrics.value(.snapshotFlags, name).set(Double(served.served.snapshot.count))
      metrics.value(.snapshotBytes, name).set(Double(served.served.bytes.count))
      if let expires = health.expires { metrics.value(.manifestExpires, name).set(Double(expires.milliseconds) / 1000) }
    }
    let environments = Set(state.health.keys.filter(isVisible))
    return Response(
      status: 200, headers: [Response.Header("Content-Type", MetricRegistry.contentType)],
      body: metrics.exposition(of: environments))
  }

  // MARK: - Exports

  /// The form and the environment of an export's path; the environment is nil where nothing names one.
  private func export(at path: String, _ holder: AccessHolder) -> (ExportService.Form, String?)? {
    if path == "/openfeature/v0/manifest" { return (.manifestList, holder.environment ?? defaultEnvironment) }
    if let name = Self.environment(in: path, before: "/flagd.json") { return (.flagd, name) }
    return Self.environment(in: path, before: "/manifest.json").map { (.manifest, $0) }
  }

  private func export(
    _ form: ExportService.Form, of environment: String?, _ request: Request, _ access: AccessTable,
    _ holder: AccessHolder
  ) -> Response {
    guard let environment else {
      if let refusal = Self.refusal(access.decide(.anyToken, for: holder)) { return refusal }
      return .problem(status: 400, "no environment is chosen: start the server with --default-environment")
    }
    if let refusal = Self.refusal(access.decide(.environment(environment, .read), for: holder)) { return refusal }
    guard request.method == "GET" || request.method == "HEAD" else { return Self.notAllowed }
    guard let served = distribution.now.environments.served[environment] else {
      return Self.absence(of: environment, distribution.now)
    }
    return exports.answer(request, form, of: served)
  }

  // MARK: - Documents that are made when they are asked for

  private func document(_ request: Request, _ access: AccessTable, _ holder: AccessHolder) -> Response? {
    let state = distribution.now
    let isVisible = { (name: String) in access.decide(.environment(name, .read), for: holder) == .granted }
    let document: () -> Response
    switch request.path {
    case "/healthz":
      document = { Response(status: 200, json: HealthReport(state.health, isVisible: isVisible).json) }
    case "/readyz":
      document = {
        let report = HealthReport(state.health, isVisible: isVisible)
        return Response(status: report.isReady ? 200 : 503, json: report.json)
      }
    case "/openapi.json":
      document = { Response(status: 200, json: OpenAPIDocument.bytes) }
    case "/metrics":
      if let refusal = Self.refusal(access.decide(.anyToken, for: holder)) { return refusal }
      document = { self.exposition(isVisible) }
    case "/v1/environments.json":
      if let refusal = Self.refusal(access.decide(.anyToken, for: holder)) { return refusal }
      document = { Response(status: 200, json: EnvironmentList(state.health.keys.filter(isVisible)).json) }
    default:
      return absence(of: request.path, state, access, holder)
    }
    guard request.method == "GET" || request.method == "HEAD" else { return Self.notAllowed }
    var response = document()
    response.headers.append(Response.Header("Cache-Control", "no-store"))
    return response
  }

  /// Why there is nothing at a path where there could be something; nil when there never is.
  ///
  /// Who may not read an environment learns nothing of it, not even whether it is there.
  private func absence(
    of path: String, _ state: ServedState, _ access: AccessTable, _ holder: AccessHolder
  ) -> Response? {
    guard path.hasPrefix("/v1/") else { return nil }
    guard let environment = Self.environment(of: path) else {
      return Self.refusal(access.decide(.anyToken, for: holder))
    }
    if let refusal = Self.refusal(access.decide(.environment(environment, .read), for: holder)) { return refusal }
    guard path.hasSuffix("/latest.json") || path.hasSuffix("/snapshot.json") else { return nil }
    guard state.distributed[environment] == nil else {
      return .problem(
        status: 404, "nothing is signed here: a developer's server compiles the working tree, and has no manifests")
    }
    // Who publishes for the first time learns from it that there is nothing to follow.
    if state.health[environment] != nil, publishing?.hasManifest(of: environment) == false {
      return .problem(status: 404, "nothing is published of the environment '\(environment)' yet")
    }
    return Self.absence(of: environment, state)
  }

  /// Why there is nothing of an environment.
  private static func absence(of environment: String, _ state: ServedState) -> Response {
    guard state.health[environment] != nil else {
      return .problem(status: 404, "there is no environment '\(environment)' here")
    }
    return .problem(
      status: 503, "the environment '\(environment)' has no verified snapshot yet",
      headers: [Response.Header("Retry-After", "1")])
  }

  /// The environment that a path is below: `/v1/environments/<environment>/…`.
  private static func environment(of path: String) -> String? {
    let parts = path.split(separator: "/", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, parts[2] == "environments" else { return nil }
    return String(parts[3])
  }

  /// The environment in `/v1/environments/<environment><rest>`.
  private static func environment(in path: String, before rest: String) -> String? {
    let prefix = "/v1/environments/"
    guard path.hasPrefix(prefix), path.hasSuffix(rest), path.utf8.count > prefix.utf8.count + rest.utf8.count else {
      return nil
    }
    let name = path.dropFirst(prefix.count).dropLast(rest.count)
    return name.contains("/") ? nil : String(name)
  }

  // MARK: - Responses

  private func send(_ response: Response, of route: RequestCounter.Route = .other) -> Answer {
    counter.count(route, response.status)
    return response.prepared(with: distribution.fields).map(Answer.response) ?? .hangUp
  }

  private static func refusal(_ decision: AccessDecision) -> Response? {
    switch decision {
    case .granted: nil
    case .forbidden: .forbidden
    case .unauthorized: .unauthorized
    }
  }

  private static let notFound = Response.problem(status: 404, "there is nothing at this path")

  private static let notAllowed = Response.problem(
    status: 405, "the method is not one of this path", headers: [Response.Header("Allow", "GET, HEAD")])
}
