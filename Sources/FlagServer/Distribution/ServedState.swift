internal import Ensign
internal import HTTP

/// All that is served at one moment.
final class ServedState: Sendable {
  /// Something under a path that GET and HEAD ask for.
  ///
  /// It is a class because each request takes one out of the state: that is one reference, and no copy of all this.
  final class Published: Sendable {
    let path: String
    let resource: Resource
    let need: AccessNeed
    /// The environment whose `latest.json` it is.
    let latestOf: String?
    let route: RequestCounter.Route

    init(path: String, resource: Resource, need: AccessNeed, latestOf: String?, route: RequestCounter.Route) {
      self.path = path
      self.resource = resource
      self.need = need
      self.latestOf = latestOf
      self.route = route
    }
  }

  /// What is evaluated.
  let environments: EnvironmentTable
  /// What is handed out, by environment.
  let distributed: [String: DistributedEnvironment]
  /// How the environments are, by name.
  let health: [String: EnvironmentHealth]
  /// What is handed out, at the places that `paths` has for it.
  private let published: [Published]
  private let paths: PathIndex

  /// - Parameters:
  ///   - earlier: what was replaced a short time ago, by environment.
  ///   - trust: the trust files, by version.
  init(
    distributed: [String: DistributedEnvironment], earlier: [String: EarlierFiles],
    health: [String: EnvironmentHealth], trust: [Int: Resource]
  ) {
    self.distributed = distributed
    self.health = health
    environments = EnvironmentTable(
      distributed.values.map(\.served), awaited: Set(health.keys).subtracting(distributed.keys))
    var published = trust.map { version, resource in
      Published(
        path: "/v1/" + StorePath.trust(version: version), resource: resource, need: .anyToken, latestOf: nil,
        route: .trust)
    }
    var blobs: [String: (resource: Resource, environments: [String])] = [:]
    for (name, files) in earlier {
      for blob in files.blobs { blobs[blob.sha256, default: (blob.resource, [])].environments.append(name) }
      published += files.manifests.map { Self.manifest(at: $0.path, $0.resource, of: name) }
    }
    for (name, environment) in distributed {
      blobs[environment.served.sha256, default: (environment.blob, [])].environments.append(name)
      published += Self.files(of: environment, name)
    }
    for (sha256, blob) in blobs {
      published.append(
        Published(
          path: "/v1/" + StorePath.blob(sha256: sha256), resource: blob.resource,
          need: .oneOf(blob.environments.sorted(), .read), latestOf: nil, route: .blob))
    }
    self.published = published
    paths = PathIndex(published.map(\.path))
  }

  /// What is handed out of an environment, but for the snapshot under its digest.
  private static func files(of environment: DistributedEnvironment, _ name: String) -> [Published] {
    let need = AccessNeed.environment(name, .read)
    let current = Published(
      path: "/v1/environments/\(name)/snapshot.json", resource: environment.current, need: need, latestOf: nil,
      route: .snapshot)
    guard let latest = environment.latest else { return [current] }
    let newest = Published(
      path: "/v1/" + StorePath.latest(environment: name), resource: latest, need: need, latestOf: name,
      route: .manifest)
    guard let numbered = environment.manifest.map(StorePath.manifest) else { return [current, newest] }
    return [current, newest, manifest(at: numbered, latest, of: name)]
  }

  /// A manifest where a store keeps it, for those who verify a store as a whole.
  private static func manifest(at path: String, _ resource: Resource, of environment: String) -> Published {
    Published(
      path: "/v1/" + path, resource: resource, need: .environment(environment, .read), latestOf: nil, route: .manifest)
  }

  /// What is handed out at the path of a request; nil when nothing is.
  func published(for head: borrowing RequestHead) -> Published? { head.place(in: paths).map { published[$0] } }
}
