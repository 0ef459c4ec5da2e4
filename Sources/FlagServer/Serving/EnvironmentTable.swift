/// What a server serves at one moment, by environment.
package struct EnvironmentTable: Sendable {
  /// The environments with a verified snapshot.
  package var served: [String: ServedEnvironment]
  /// The environments that are known, and have no verified snapshot yet.
  package var awaited: Set<String>

  /// A table of environments, each under its name.
  package init(_ served: [ServedEnvironment], awaited: Set<String> = []) {
    self.served = Dictionary(served.map { ($0.name, $0) }) { $1 }
    self.awaited = awaited
  }
}
