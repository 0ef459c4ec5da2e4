internal import Ensign

/// The description of the server in the form of OpenAPI 3.1.
package enum OpenAPIDocument {
  /// The document, made of ``RouteDescription/all``.
  package static let bytes: [UInt8] = document.canonicalBytes

  private static var document: JSONValue {
    var paths: [(String, [(String, JSONValue)])] = []
    for route in RouteDescription.all {
      let operation = (route.method, operation(route))
      if let place = paths.firstIndex(where: { $0.0 == route.path }) {
        paths[place].1.append(operation)
      } else {
        paths.append((route.path, [operation]))
      }
    }
    return object([
      ("openapi", "3.1.0"),
      (
        "info",
        object([
          ("title", "Ensign"), ("version", .string(LibraryVersion.text)),
          ("summary", "Signed feature flags: distribution, and evaluation for OpenFeature."),
          ("license", object([("name", "Apache-2.0"), ("identifier", "Apache-2.0")])),
        ])
      ),
      ("servers", [object([("url", "/")])]),
      ("paths", object(paths.map { ($0, object($1)) })),
      ("components", object([("schemas", schemas), ("securitySchemes", securitySchemes), ("headers", headers)])),
    ])
  }

  private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
    .object(members.map { JSONValue.Member(key: $0.0, value: $0.1) })
  }

  // MARK: Operations

  private static func operation(_ route: RouteDescription) -> JSONValue {
    var members: [(String, JSONValue)] = [
      ("operationId", .string(name(of: route))), ("summary", .string(route.summary)),
      ("responses", object(responses(of: route))),
    ]
    let parameters = parameters(of: route)
    if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
    if let body = route.body {
      members.append(
        ("requestBody", object([("content", content(body)), ("required", .boolean(route.method == "put"))])))
    }
    if let scope = route.scope {
      members.append(("description", .string("With tokens it needs one of the scope `\(scope.rawValue)`.")))
      members.append(("x-ensign-scope", .string(scope.rawValue)))
      // Either header will do, and none where the server asks for no tokens.
      var security: [JSONValue] = [object([("bearer", [])]), object([("key", [])])]
      if scope != .publish { security.append(object([])) }
      members.append(("security", .array(security)))
    }
    return object(members)
  }

  /// A name of letters, from the method and the fixed parts of the path.
  private static func name(of route: RouteDescription) -> String {
    let words = route.path.split { !$0.isLetter && !$0.isNumber }
    return route.method + words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }

  private static func parameters(of route: RouteDescription) -> [JSONValue] {
    var parameters: [JSONValue] = []
    for part in route.path.split(separator: "/") {
      guard let open = part.firstIndex(of: "{"), let close = part.firstIndex(of: "}") else { continue }
      let name = String(part[part.index(after: open)..<close])
      parameters.append(
        object([
          ("name", .string(name)), ("in", "path"), ("required", true), ("schema", object([("type", "string")])),
        ]))
    }
    for header in route.headers {
      parameters.append(
        object([("name", .string(header)), ("in", "header"), ("schema", object([("type", "string")]))]))
    }
    return parameters
  }

  private static func responses(of route: RouteDescription) -> [(String, JSONValue)] {
    var answers = route.answers
    let isEvaluation = route.body?.schema == "EvaluationRequest"
    let shape: RouteDescription.Content =
      isEvaluation
      ? .json("EvaluationFailure") : RouteDescription.Content(mediaType: "application/problem+json", schema: "Problem")
    if route.scope != nil {
      answers += [
        .init(401, "The token is missing or wrong.", shape), .init(403, "The token is for something else.", shape),
      ]
    }
    answers.append(.init(429, "There were too many requests; Retry-After says when to come again.", shape))
    return answers.sorted { $0.status < $1.status }.map { answer in
      var members: [(String, JSONValue)] = [("description", .string(answer.meaning))]
      if let content = answer.content { members.append(("content", Self.content(content))) }
      if answer.status == 429 {
        let reference = object([("$ref", "#/components/headers/Retry-After")])
        members.append(("headers", object([("Retry-After", reference)])))
      }
      return (String(answer.status), object(members))
    }
  }

  private static func content(_ content: RouteDescription.Content) -> JSONValue {
    let schema = content.schema.map { object([("$ref", .string("#/components/schemas/\($0)"))]) }
    return object([(content.mediaType, object([("schema", schema ?? .boolean(true))]))])
  }

  // MARK: Components

  private static let headers = object([
    (
      "Retry-After",
      object([("description", "Seconds."), ("schema", object([("type", "integer"), ("minimum", 1)]))])
    )
  ])

  private static let securitySchemes = object([
    ("bearer", object([("type", "http"), ("scheme", "bearer")])),
    ("key", object([("type", "apiKey"), ("in", "header"), ("name", "X-API-Key")])),
  ])

  private static let text = object([("type", "string")])
  private static let integer = object([("type", "integer")])

  private static func record(_ members: [(String, JSONValue)], required: [String]? = nil) -> JSONValue {
    object([
      ("type", "object"), ("properties", object(members)),
      ("required", .array((required ?? members.map(\.0)).map { .string($0) })),
    ])
  }

  private static func list(of items: JSONValue) -> JSONValue { object([("type", "array"), ("items", items)]) }

  private static func reference(_ name: String) -> JSONValue {
    object([("$ref", .string("#/components/schemas/\(name)"))])
  }

  private static let metadata = object([
    ("type", "object"), ("additionalProperties", object([("type", ["string", "number", "boolean"])])),
  ])

  private static func words(_ words: [String]) -> JSONValue {
    object([("type", "string"), ("enum", .array(words.map { .string($0) }))])
  }

  private static let schemas = object([
    ("EnvironmentList", record([("environments", list(of: text))])),
    (
      "Evaluation",
      record([
        ("key", text), ("value", .boolean(true)),
        ("reason", words(["STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT"])), ("variant", text),
        ("metadata", metadata),
      ])
    ),
    (
      "EvaluationFailure",
      record([
        ("key", text), ("reason", words(["ERROR"])), ("variant", text), ("metadata", metadata),
        ("errorCode", words(["PARSE_ERROR", "INVALID_CONTEXT", "FLAG_NOT_FOUND", "GENERAL"])), ("errorDetails", text),
      ])
    ),
    (
      "EvaluationRequest",
      record([("context", object([("type", ["object", "null"])]))], required: [])
    ),
    (
      "Evaluations",
      record(
        [
          ("flags", list(of: reference("Evaluation"))), ("metadata", metadata),
          ("eventStreams", list(of: object([("type", "object")]))),
        ], required: ["flags"])
    ),
    ("Health", record([("status", text)])),
    ("Problem", record([("code", text), ("detail", text), ("status", integer)], required: ["detail", "status"])),
    (
      "Publications",
      record([
        (
          "environments",
          list(
            of: record([
              ("environment", text), ("epoch", integer), ("outcome", words(["published", "renewed"])),
              ("sequence", integer), ("served", object([("type", "boolean")])), ("sha256", text),
            ]))
        )
      ])
    ),
    (
      "Refusal",
      record([("error", record([("code", text), ("help", list(of: text)), ("message", text)]))])
    ),
  ])
}
