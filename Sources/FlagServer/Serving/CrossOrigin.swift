/// Which web pages of other origins may call (the Fetch standard, section 3.2).
package enum CrossOrigin: Hashable, Sendable {
  /// Pages of every origin.
  case everyone
  /// Pages of these origins, such as `https://shop.example.com`; of none when the list is empty.
  case origins([String])

  private static let methods = "POST, OPTIONS"
  private static let allowed = "content-type, authorization, x-api-key, if-none-match, flagd-selector"

  /// What is added to a response.
  func headers(for request: Request) -> [Response.Header] {
    guard let origin = origin(for: request) else { return varying }
    return [
      Response.Header("Access-Control-Allow-Origin", origin),
      Response.Header("Access-Control-Expose-Headers", "ETag, Retry-After"),
    ] + varying
  }

  /// The answer to a preflight request, or to any other OPTIONS: 204.
  func preflight(_ request: Request) -> Response {
    var headers = [Response.Header("Allow", Self.methods)] + headers(for: request)
    if origin(for: request) != nil {
      headers += [
        Response.Header("Access-Control-Allow-Methods", Self.methods),
        Response.Header("Access-Control-Allow-Headers", Self.allowed),
        Response.Header("Access-Control-Max-Age", "86400"),
      ]
    }
    return Response(status: 204, headers: headers)
  }

  /// What is allowed to the page that sent a request; nil where nothing is.
  private func origin(for request: Request) -> String? {
    switch self {
    case .everyone: return "*"
    case .origins(let origins):
      guard let origin = request.header("origin"), origins.contains(origin) else { return nil }
      return origin
    }
  }

  /// A cache must keep apart what is answered to different origins.
  private var varying: [Response.Header] {
    if case .origins = self { return [Response.Header("Vary", "Origin")] }
    return []
  }
}
