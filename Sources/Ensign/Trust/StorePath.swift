/// The places of the files in a published store, relative to its root.
package enum StorePath {
  /// A version of the trust file.
  package static func trust(version: Int) -> String { "trust/\(version).json" }

  /// An environment's newest manifest: the only file that changes.
  package static func latest(environment: String) -> String { "environments/\(environment)/latest.json" }

  /// A manifest that is kept.
  package static func manifest(environment: String, epoch: Int, sequence: Int) -> String {
    "environments/\(environment)/manifests/\(epoch).\(sequence).json"
  }

  /// Where a manifest is kept, besides ``latest(environment:)`` while it is the newest.
  package static func manifest(_ manifest: Manifest) -> String {
    self.manifest(environment: manifest.environment, epoch: manifest.epoch, sequence: manifest.sequence)
  }

  /// A snapshot, by the hexadecimal digest of its bytes.
  package static func blob(sha256: String) -> String { "blobs/sha256/\(sha256)" }
}
