internal import Ensign
internal import HTTP

/// What was replaced of an environment a short time ago: who has read the manifest before still asks for it.
struct EarlierFiles: Sendable {
  /// How many snapshots, and how many manifests, can still be fetched.
  private static let greatest = 2

  /// Snapshots with their digests, newest first.
  private(set) var blobs: [(sha256: String, resource: Resource)] = []
  /// Manifests with their paths in the store, newest first.
  private(set) var manifests: [(path: String, resource: Resource)] = []

  /// Takes in what another state replaces.
  mutating func add(_ old: DistributedEnvironment, replacedBy new: DistributedEnvironment) {
    if old.served.sha256 != new.served.sha256 {
      blobs.insert((old.served.sha256, old.blob), at: 0)
      blobs.removeAll { $0.sha256 == new.served.sha256 }
      blobs = Array(blobs.prefix(Self.greatest))
    }
    guard let manifest = old.manifest, let resource = old.latest else { return }
    let path = StorePath.manifest(manifest)
    guard path != new.manifest.map(StorePath.manifest) else { return }
    manifests.insert((path, resource), at: 0)
    manifests = Array(manifests.prefix(Self.greatest))
  }
}
