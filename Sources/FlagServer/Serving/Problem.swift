internal import Ensign

extension Response {
  /// An answer that is no success, as a JSON document of RFC 9457 ("problem details").
  ///
  /// - Parameters:
  ///   - code: a word for programs, such as `ROLLBACK`; nil where the status says it all.
  ///   - detail: what is wrong and what to do, in words.
  package static func problem(
    status: Int, code: String? = nil, _ detail: String, headers: [Header] = []
  ) -> Response {
    var json = CanonicalJSON()
    json.beginObject()
    if let code {
      json.key(literal: "code")
      json.append(code)
    }
    json.key(literal: "detail")
    json.append(detail)
    json.key(literal: "status")
    json.append(status)
    json.endObject()
    return Response(
      status: status, headers: [Header("Content-Type", "application/problem+json")] + headers, body: json.bytes)
  }

  /// What a request without valid credentials gets.
  package static let unauthorized = problem(
    status: 401, "a valid token is needed: Authorization: Bearer <token>, or X-API-Key",
    headers: [Header("WWW-Authenticate", "Bearer")])

  /// What a token gets that is for something else.
  package static let forbidden = problem(status: 403, "the token does not open this")

  /// What one request of too many gets.
  ///
  /// - Parameter seconds: after how many seconds there can be another one.
  package static func tooMany(retryAfter seconds: Int) -> Response {
    problem(
      status: 429, "too many requests; wait \(seconds) s", headers: [Header("Retry-After", String(seconds))])
  }
}
