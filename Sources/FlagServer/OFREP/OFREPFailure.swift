internal import Ensign

/// An answer of the protocol that gives no value, in the shape that every released client reads.
package struct OFREPFailure: Error, Hashable, Sendable {
  /// The protocol's codes, no others: clients made from its schema know no more.
  package enum Code: String, Hashable, Sendable {
    case parseError = "PARSE_ERROR"
    case invalidContext = "INVALID_CONTEXT"
    case flagNotFound = "FLAG_NOT_FOUND"
    case general = "GENERAL"
  }

  /// The status code of the response.
  package var status: Int
  package var code: Code
  /// What is wrong and what to do, in words.
  package var details: String
  /// What the protocol or HTTP adds for the status.
  package var headers: [Response.Header]

  /// A failure of its parts.
  package init(status: Int, _ code: Code, _ details: String, headers: [Response.Header] = []) {
    self.status = status
    self.code = code
    self.details = details
    self.headers = headers
  }

  /// Too many requests.
  ///
  /// - Parameter seconds: after how many seconds there can be another one.
  package static func tooMany(retryAfter seconds: Int) -> Self {
    Self(
      status: 429, .general, "too many requests; wait \(seconds) s",
      headers: [Response.Header("Retry-After", String(seconds))])
  }

  /// A body that is too large.
  package static let tooLarge = Self(status: 413, .general, "the body has more than \(Context.maximumSize) bytes")

  /// The response.
  ///
  /// - Parameters:
  ///   - key: the flag that was asked for; empty where it was none.
  ///   - environment: the environment that was asked, once that is known.
  package func response(key: String, environment: ServedEnvironment? = nil) -> Response {
    var json = CanonicalJSON(capacity: 256)
    json.beginObject()
    json.key(literal: "key")
    json.append(key)
    json.key(literal: "errorCode")
    json.append(code.rawValue)
    json.key(literal: "errorDetails")
    json.append(details)
    json.key(literal: "reason")
    json.append("ERROR")
    json.key(literal: "variant")
    json.append("")
    json.key(literal: "metadata")
    json.beginObject()
    if let environment { json.appendMetadata(of: environment) }
    json.endObject()
    json.endObject()
    return Response(status: status, headers: headers, json: json.bytes)
  }
}
