internal import Ensign
internal import HTTP

/// All that is served at one moment.
final class ServedState: Sendable {
  /// Something under a path that GET and HEAD ask for.
  struct Published: Sendable {
    let resource: Resource
    let need: AccessNeed
    /// The environment whose `latest.json` it is.
    let latestOf: String?
    let route: RequestCounter.Route
  }

  /// What is evaluated.
  let environments: EnvironmentTable
  /// What is handed out, by environment.
  let distributed: [String: DistributedEnvironment]
  /// How the environments are, by name.
  let health: [String: EnvironmentHealth]
  /// What is handed out, by path.
  let published: PathTable<Published>

  /// - Parameters:
  ///   - earlier: snapshots that were replaced a short time ago, with their environments: who has read the manifest
  ///     still asks for them.
  ///   - trust: the trust files, by version.
  init(
    distributed: [String: DistributedEnvironment], earlier: [(environment: String, sha256: String, blob: Resource)],
    health: [String: EnvironmentHealth], trust: [Int: Resource]
  ) {
    self.distributed = distributed
    self.health = health
    environments = EnvironmentTable(
      distributed.values.map(\.served), awaited: Set(health.keys).subtracting(distributed.keys))
    var published = PathTable<Published>()
    for (version, resource) in trust {
      published.set(
        Published(resource: resource, need: .anyToken, latestOf: nil, route: .trust),
        at: "/v1/" + StorePath.trust(version: version))
    }
    var blobs: [String: (resource: Resource, environments: [String])] = [:]
    for entry in earlier { blobs[entry.sha256, default: (entry.blob, [])].environments.append(entry.environment) }
    for (name, environment) in distributed {
      blobs[environment.served.sha256, default: (environment.blob, [])].environments.append(name)
      let need = AccessNeed.environment(name, .read)
      if let latest = environment.latest {
        published.set(
          Published(resource: latest, need: need, latestOf: name, route: .manifest),
          at: "/v1/" + StorePath.latest(environment: name))
        // Where a store keeps it, for those who verify a store as a whole.
        let numbered = StorePath.manifest(
          environment: name, epoch: environment.served.epoch, sequence: environment.served.sequence)
        published.set(Published(resource: latest, need: need, latestOf: nil, route: .manifest), at: "/v1/" + numbered)
      }
      published.set(
        Published(resource: environment.current, need: need, latestOf: nil, route: .snapshot),
        at: "/v1/environments/\(name)/snapshot.json")
    }
    for (sha256, blob) in blobs {
      published.set(
        Published(
          resource: blob.resource, need: .oneOf(blob.environments.sorted(), .read), latestOf: nil, route: .blob),
        at: "/v1/" + StorePath.blob(sha256: sha256))
    }
    self.published = published
  }
}
