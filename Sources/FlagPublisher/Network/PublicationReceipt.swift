internal import Ensign

/// What a server says when it has taken publications: `{"environments":[{"environment":…,"epoch":…,"outcome":…,
/// "sequence":…,"served":…,"sha256":…},…]}`.
package struct PublicationReceipt: Hashable, Sendable {
  /// What became of one environment's publication.
  package struct Entry: Hashable, Sendable {
    package var environment: String
    package var epoch: Int
    package var sequence: Int
    package var outcome: PublishedManifest.Outcome
    /// Whether who reads from the server gets it, not only whether it is stored.
    package var isServed: Bool
    /// The digest of the snapshot.
    package var sha256: String
  }

  /// In the order of the publications.
  package var entries: [Entry]

  /// The receipt for what was taken.
  ///
  /// - Parameter served: the environments whose new manifests are served.
  package init(_ accepted: [PublishedManifest], served: Set<String>) {
    entries = accepted.map { result in
      let manifest = result.manifest
      return Entry(
        environment: manifest.environment, epoch: manifest.epoch, sequence: manifest.sequence, outcome: result.outcome,
        isServed: served.contains(manifest.environment), sha256: manifest.snapshot.sha256)
    }
  }

  /// Reads an answer; nil when it is something else.
  package init?(_ bytes: [UInt8]) {
    guard let list = (try? JSONValue(parsing: bytes))?["environments"]?.array else { return nil }
    entries = []
    for value in list {
      guard let entry = Entry(value) else { return nil }
      entries.append(entry)
    }
  }

  /// The answer.
  package var document: [UInt8] {
    JSONValue.object([.init(key: "environments", value: .array(entries.map(\.value)))]).canonicalBytes
  }
}

extension PublicationReceipt.Entry {
  fileprivate init?(_ value: JSONValue) {
    guard let environment = value["environment"]?.string, let sha256 = value["sha256"]?.string,
      let epoch = value["epoch"]?.integer.flatMap(Int.init(exactly:)),
      let sequence = value["sequence"]?.integer.flatMap(Int.init(exactly:)),
      let outcome = value["outcome"]?.string.flatMap(PublishedManifest.Outcome.init),
      let isServed = value["served"]?.boolean
    else { return nil }
    self.init(
      environment: environment, epoch: epoch, sequence: sequence, outcome: outcome, isServed: isServed, sha256: sha256)
  }

  fileprivate var value: JSONValue {
    .object([
      .init(key: "environment", value: .string(environment)), .init(key: "epoch", value: .integer(Int64(epoch))),
      .init(key: "outcome", value: .string(outcome.rawValue)), .init(key: "sequence", value: .integer(Int64(sequence))),
      .init(key: "served", value: .boolean(isServed)), .init(key: "sha256", value: .string(sha256)),
    ])
  }
}
