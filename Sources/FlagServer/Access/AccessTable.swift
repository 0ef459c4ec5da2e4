internal import CSodium
internal import Ensign

/// Who sent a request, as far as its credentials tell.
package enum AccessHolder: Hashable, Sendable {
  /// Access is not controlled: everybody may do everything but publish.
  case everyone
  /// The request has no credentials.
  case nobody
  /// The credentials are wrong, or there are two different ones.
  case stranger
  /// The holder of a token.
  case token(AccessToken)

  /// The token's name, when there is one: for logs and metrics.
  package var name: String? {
    guard case .token(let token) = self else { return nil }
    return token.name
  }

  /// The environment that the token alone says: when it has exactly one.
  package var environment: String? {
    guard case .token(let token) = self, token.environments.count == 1 else { return nil }
    return token.environments.first
  }
}

/// What a route asks of whoever wants to use it.
package enum AccessNeed: Hashable, Sendable {
  /// Nothing: liveness, preflight requests.
  case nothing
  /// Any valid token: what is the same for all environments, such as trust files.
  case anyToken
  /// A scope in an environment.
  case environment(String, AccessScope)
  /// A scope in one of several environments: what they share, such as a snapshot by its digest.
  case oneOf([String], AccessScope)
}

/// Whether a request may have what it wants.
package enum AccessDecision: Hashable, Sendable {
  /// It may.
  case granted
  /// There are no credentials, or wrong ones: 401.
  case unauthorized
  /// The token is for something else: 403.
  case forbidden
}

/// Who may do what.
package struct AccessTable: Sendable {
  private let tokens: [AccessToken]
  /// Whether tokens are asked for at all.
  package let isControlled: Bool

  /// A table of tokens: without one of them nothing is open that needs any.
  package init(_ tokens: [AccessToken]) {
    self.tokens = tokens
    isControlled = true
  }

  /// The table of a server that asks nobody for a token.
  package static let open = AccessTable()

  private init() {
    tokens = []
    isControlled = false
  }

  /// Who sent a request: by `Authorization: Bearer` or `X-API-Key`.
  package func holder(of request: Request) -> AccessHolder {
    guard isControlled else { return .everyone }
    var secrets = request.headers.filter { $0.name == "x-api-key" }.map(\.value)
    for field in request.headers where field.name == "authorization" {
      // Any other scheme is no credential that could be right.
      guard let secret = Self.bearer(field.value) else { return .stranger }
      secrets.append(secret)
    }
    guard let secret = secrets.first else { return .nobody }
    guard secrets.allSatisfy({ $0 == secret }) else { return .stranger }
    return find(secret).map(AccessHolder.token) ?? .stranger
  }

  /// The token whose secret this is.
  ///
  /// All digests are compared, each in constant time: how long it takes tells nothing about any of them.
  private func find(_ secret: String) -> AccessToken? {
    let digest = SHA256.digest(Array(secret.utf8))
    var found: AccessToken?
    for token in tokens where sodium_memcmp(token.digest, digest, digest.count) == 0 { found = token }
    return found
  }

  private static func bearer(_ value: String) -> String? {
    let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return String(parts[1].drop { $0 == " " })
  }

  /// Whether a holder may have what a route needs.
  package func decide(_ need: AccessNeed, for holder: AccessHolder) -> AccessDecision {
    if need == .nothing { return .granted }
    switch holder {
    case .everyone: return need.isPublishing ? .unauthorized : .granted
    case .nobody, .stranger: return .unauthorized
    case .token(let token):
      switch need {
      case .nothing, .anyToken: return .granted
      case .environment(let name, let scope): return token.opens([name], scope) ? .granted : .forbidden
      case .oneOf(let names, let scope): return token.opens(names, scope) ? .granted : .forbidden
      }
    }
  }
}

extension AccessNeed {
  /// Publishing changes what everybody is served: it is never open to everyone.
  fileprivate var isPublishing: Bool {
    switch self {
    case .environment(_, .publish), .oneOf(_, .publish): true
    default: false
    }
  }
}

extension AccessToken {
  fileprivate func opens(_ names: [String], _ scope: AccessScope) -> Bool {
    scope <= self.scope && names.contains { environments.contains($0) }
  }
}
