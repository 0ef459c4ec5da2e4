internal import Ensign

/// What `/healthz` and `/readyz` answer.
struct HealthReport {
  /// The environments that are told about, sorted by name.
  let environments: [EnvironmentHealth]
  /// Whether all environments are well; also those that are not told about.
  let isGreen: Bool
  /// Whether all environments are ready to be served.
  let isReady: Bool

  /// A report about environments.
  ///
  /// - Parameter isVisible: which of them are told about.
  init(_ health: [String: EnvironmentHealth], isVisible: (String) -> Bool) {
    environments = health.values.filter { isVisible($0.environment) }.sorted { $0.environment < $1.environment }
    isGreen = !health.isEmpty && health.values.allSatisfy(\.isGreen)
    isReady = !health.isEmpty && health.values.allSatisfy(\.isReady)
  }

  /// The document.
  var json: [UInt8] {
    var json = CanonicalJSON(capacity: 256)
    json.beginObject()
    json.key(literal: "environments")
    json.beginObject()
    for environment in environments { Self.append(environment, to: &json) }
    json.endObject()
    json.key(literal: "ready")
    json.append(isReady)
    json.key(literal: "status")
    json.append(isGreen ? "green" : "red")
    json.endObject()
    return json.bytes
  }

  private static func append(_ health: EnvironmentHealth, to json: inout CanonicalJSON) {
    json.key(health.environment)
    json.beginObject()
    if let expires = health.expires {
      json.key(literal: "expires")
      json.append(expires.description)
    }
    if !health.message.isEmpty {
      json.key(literal: "message")
      json.append(health.message)
    }
    if let sha256 = health.sha256 {
      json.key(literal: "sha256")
      json.append(sha256)
    }
    json.key(literal: "status")
    json.append(health.status.rawValue)
    if let version = health.version {
      json.key(literal: "version")
      json.append(version)
    }
    json.endObject()
  }
}
