/// Counts requests by route and status.
final class RequestCounter: Sendable {
  /// The routes that are told apart.
  enum Route: Int, CaseIterable {
    case trust
    case manifest
    case blob
    case snapshot
    case events
    case evaluation
    case export
    case publish
    case other

    /// The value of the label.
    var name: String { "\(self)" }
  }

  private let registry: MetricRegistry
  /// The counters that nearly all requests need, found once, in the order of the routes.
  private let found: [MetricValue]
  private let unchanged: [MetricValue]

  init(_ registry: MetricRegistry) {
    self.registry = registry
    found = Route.allCases.map { registry.value(.requests, $0.name, "200") }
    unchanged = Route.allCases.map { registry.value(.requests, $0.name, "304") }
  }

  /// Counts a request that is answered with a status.
  func count(_ route: Route, _ status: Int) {
    switch status {
    case 200: found[route.rawValue].add()
    case 304: unchanged[route.rawValue].add()
    case 401: denied("unauthorized", route, status)
    case 403: denied("forbidden", route, status)
    default: registry.value(.requests, route.name, String(status)).add()
    }
  }

  private func denied(_ reason: String, _ route: Route, _ status: Int) {
    registry.value(.deniedRequests, reason).add()
    registry.value(.requests, route.name, String(status)).add()
  }
}
