package import Ensign

extension MetricRegistry {
  /// Counts a change of an environment: a new state, or an update that was refused.
  ///
  /// - Parameter isNewState: whether something else is served from now on.
  package func note(_ health: EnvironmentHealth, isNewState: Bool, at now: Timestamp) {
    if isNewState {
      value(.events, health.environment).add()
      value(.snapshotVerified, health.environment).set(Double(now.milliseconds) / 1000)
    } else if health.status.isRefusal {
      value(.rejections, health.environment, health.status.rawValue).add()
    }
  }
}

extension ClientStatus {
  /// Whether what was found was refused, rather than not found, or old.
  fileprivate var isRefusal: Bool {
    switch self {
    case .oversized, .malformed, .untrusted, .mismatch, .rollback, .equivocation, .tampered, .unsupported: true
    case .starting, .current, .stale, .unreachable, .held, .unstored: false
    }
  }
}
