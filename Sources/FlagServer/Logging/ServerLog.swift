package import Ensign

/// What a server tells about itself: a JSON object a line.
///
/// No line has anything of a context, a token or a secret.
package struct ServerLog: Sendable {
  /// How grave an entry is.
  package enum Level: String, Sendable {
    case information = "info"
    case warning
    case error
  }

  private let write: @Sendable ([UInt8]) -> Void

  /// A log that ends somewhere.
  ///
  /// - Parameter write: takes a line with its end; it may be called on several threads at once.
  package init(write: @escaping @Sendable ([UInt8]) -> Void) { self.write = write }

  /// Writes an entry.
  ///
  /// - Parameters:
  ///   - event: what has happened, as a word.
  ///   - message: the same for people, without a full stop.
  ///   - fields: what else is known.
  package func note(
    _ level: Level, _ event: String, _ message: String, _ fields: [(name: String, value: JSONValue)] = []
  ) {
    let members =
      [
        JSONValue.Member(key: "event", value: .string(event)),
        JSONValue.Member(key: "level", value: .string(level.rawValue)),
        JSONValue.Member(key: "message", value: .string(message)),
        JSONValue.Member(key: "time", value: .string(Timestamp.now().description)),
      ] + fields.map { JSONValue.Member(key: $0.name, value: $0.value) }
    write(JSONValue.object(members).canonicalBytes + [UInt8(ascii: "\n")])
  }

  /// Writes how an environment is.
  package func note(_ health: EnvironmentHealth, isNewState: Bool) {
    var fields: [(name: String, value: JSONValue)] = [
      ("environment", .string(health.environment)), ("status", .string(health.status.rawValue)),
    ]
    if let version = health.version { fields.append(("version", .string(version))) }
    if let sha256 = health.sha256 { fields.append(("sha256", .string(sha256))) }
    if isNewState {
      note(.information, "snapshot", "a new snapshot is served", fields)
    }
    if !health.isGreen, health.status != .starting {
      note(health.version == nil ? .error : .warning, "health", health.message, fields)
    } else if !isNewState, health.isGreen {
      note(.information, "health", "all is well", fields)
    }
  }
}
