internal import Ensign

/// A route as its users have to know it: the description of the server, and its tests, read these.
package struct RouteDescription: Sendable {
  /// The method in lower case.
  package let method: String
  /// The path, with `{name}` for what is variable in it.
  package let path: String
  /// What it is for: a sentence.
  let summary: String
  /// The scope that a token needs, where the server asks for tokens; nil for a route that is open to all.
  package let scope: AccessScope?
  /// The names of header fields that change the answer.
  let headers: [String]
  /// What a request carries; nil for nothing.
  let body: Content?
  /// The answers, by status.
  package let answers: [Answer]

  /// What is sent in one direction.
  struct Content: Sendable {
    let mediaType: String
    /// The name of a schema; nil for a file whose form is described elsewhere.
    let schema: String?
  }

  /// An answer to expect.
  package struct Answer: Sendable {
    /// The status code.
    package let status: Int
    let meaning: String
    let content: Content?

    init(_ status: Int, _ meaning: String, _ content: Content? = nil) {
      self.status = status
      self.meaning = meaning
      self.content = content
    }
  }

  init(
    _ method: String, _ path: String, _ summary: String, scope: AccessScope?, headers: [String] = [],
    body: Content? = nil, _ answers: Answer...
  ) {
    self.method = method
    self.path = path
    self.summary = summary
    self.scope = scope
    self.headers = headers
    self.body = body
    self.answers = answers
  }
}

extension RouteDescription.Content {
  static func json(_ schema: String?) -> Self { Self(mediaType: "application/json", schema: schema) }
}

extension RouteDescription {
  private static let file = Content.json(nil)
  private static let unchanged = Answer(304, "It is the one that If-None-Match names.")
  private static let absent = Answer(
    404, "There is no such file or environment, or nothing is published of it yet.", problem)
  private static let starting = Answer(503, "The environment has no verified snapshot yet.", problem)
  private static let problem = Content(mediaType: "application/problem+json", schema: "Problem")
  private static let failure = Content.json("EvaluationFailure")

  /// All routes, in the order of their documentation.
  package static let all: [RouteDescription] = reading + evaluating + writing + observing

  private static let reading = [
    RouteDescription(
      "get", "/v1/trust/{version}.json", "A trust file, in its envelope.", scope: .evaluate,
      headers: ["If-None-Match"], Answer(200, "The trust file.", file), unchanged, absent),
    RouteDescription(
      "get", "/v1/environments.json", "The names of the environments.", scope: .evaluate,
      Answer(200, "The names that the token opens, sorted.", .json("EnvironmentList"))),
    RouteDescription(
      "get", "/v1/environments/{environment}/latest.json", "The newest manifest, in its envelope.", scope: .read,
      headers: ["If-None-Match", "Prefer"], Answer(200, "The manifest.", file), unchanged, absent, starting),
    RouteDescription(
      "get", "/v1/environments/{environment}/snapshot.json", "The current snapshot.", scope: .read,
      headers: ["If-None-Match", "Range"], Answer(200, "The snapshot.", file),
      Answer(206, "A part of it.", file), unchanged, absent, starting),
    RouteDescription(
      "get", "/v1/blobs/sha256/{digest}", "A snapshot by its digest; it never changes.", scope: .read,
      headers: ["If-None-Match", "Range"], Answer(200, "The snapshot.", file),
      Answer(206, "A part of it.", file), unchanged, absent),
    RouteDescription(
      "get", "/v1/environments/{environment}/events", "A stream of server-sent events, one for each new snapshot.",
      scope: .read, headers: ["Last-Event-ID"],
      Answer(200, "The stream; it does not end.", Content(mediaType: "text/event-stream", schema: nil)), absent),
    RouteDescription(
      "get", "/v1/environments/{environment}/flagd.json", "The flags as definitions of flagd.", scope: .read,
      headers: ["If-None-Match"], Answer(200, "The definitions.", file), unchanged, absent, starting),
    RouteDescription(
      "get", "/v1/environments/{environment}/manifest.json", "The flags as a manifest of OpenFeature's command line.",
      scope: .read, headers: ["If-None-Match"], Answer(200, "The manifest.", file), unchanged, absent, starting),
    RouteDescription(
      "get", "/openfeature/v0/manifest", "The flags of the token's, or the default, environment as a list.",
      scope: .read, headers: ["If-None-Match"], Answer(200, "The list.", file), unchanged,
      Answer(400, "No environment is chosen.", problem)),
  ]

  private static let evaluating = ["", "/{environment}"].flatMap { prefix in
    [
      RouteDescription(
        "post", "\(prefix)/ofrep/v1/evaluate/flags/{key}", "Evaluates a flag.", scope: .evaluate,
        headers: ["Flagd-Selector"], body: .json("EvaluationRequest"),
        Answer(200, "Its value.", .json("Evaluation")), Answer(400, "The request cannot be read.", failure),
        Answer(404, "There is no such flag.", failure), Answer(413, "The body is too large.", failure),
        Answer(415, "The body is compressed.", failure), Answer(503, "The environment is not ready.", failure)),
      RouteDescription(
        "post", "\(prefix)/ofrep/v1/evaluate/flags", "Evaluates all flags.", scope: .evaluate,
        headers: ["Flagd-Selector", "If-None-Match"], body: .json("EvaluationRequest"),
        Answer(200, "Their values, sorted by key.", .json("Evaluations")), unchanged,
        Answer(400, "The request cannot be read.", failure), Answer(404, "There is no such environment.", failure),
        Answer(413, "The body is too large.", failure), Answer(415, "The body is compressed.", failure),
        Answer(503, "The environment is not ready.", failure)),
    ]
  }

  private static let writing = [
    RouteDescription(
      "put", "/v1/publish", "Publishes what was signed elsewhere, when it verifies.", scope: .publish,
      body: Content(mediaType: "application/jsonl", schema: nil),
      Answer(200, "It was there already, or its signatures are newer.", .json("Publications")),
      Answer(201, "It is in force.", .json("Publications")),
      Answer(400, "The body cannot be read.", .json("Refusal")),
      Answer(404, "The server takes no publications.", problem),
      Answer(409, "It is older than what is in force.", .json("Refusal")),
      Answer(413, "It is too large.", .json("Refusal")),
      Answer(422, "It does not verify.", .json("Refusal")),
      Answer(503, "Another publication is being written.", .json("Refusal")))
  ]

  private static let observing = [
    RouteDescription(
      "get", "/healthz", "Whether the process serves, and how the environments are.", scope: nil,
      Answer(200, "It does.", .json("Health"))),
    RouteDescription(
      "get", "/readyz", "Whether every environment is verified and not stale.", scope: nil,
      Answer(200, "All are.", .json("Health")), Answer(503, "Not all are.", .json("Health"))),
    RouteDescription(
      "get", "/metrics", "Numbers for Prometheus.", scope: .evaluate,
      Answer(200, "The numbers of the token's environments.", Content(mediaType: "text/plain", schema: nil))),
    RouteDescription(
      "get", "/openapi.json", "This description.", scope: nil, Answer(200, "The description.", file)),
  ]
}
