internal import Ensign
internal import FlagPublisher

/// What was published, as it is shown.
enum PublicationSheet {
  /// A line for one environment.
  static func line(for result: PublishedManifest) -> String {
    let manifest = result.manifest
    return "\(manifest.environment): \(result.outcome.rawValue) \(manifest.source.commit.prefix(12)), epoch "
      + "\(manifest.epoch), sequence \(manifest.sequence), \(Plural.of(manifest.snapshot.flags, "flag")), expires "
      + "\(manifest.expires)" + (manifest.isDirty ? ", dirty" : "")
      + (result.isServed == false ? ", stored and not served yet" : "")
  }

  static let fields: [JSONField] =
    [
      .init("environments[].outcome", "published, or renewed when the snapshot stayed the same"),
      .init("environments[].served", "whether the server serves it by now; there when the store is a server"),
      .init("environments[].signers[]", "the ids of the keys that signed"),
    ] + ManifestJSON.fields.map { .init("environments[].manifest.\($0.path)", $0.meaning) }

  static func document(of results: [PublishedManifest]) -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.key("environments")
    write(results, to: &json)
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }

  /// Writes the results as an array.
  static func write(_ results: [PublishedManifest], to json: inout CanonicalJSON) {
    json.beginArray()
    for result in results {
      json.beginObject()
      json.member("outcome", result.outcome.rawValue)
      json.key("manifest")
      json.append(canonical: result.manifest.payload)
      if let isServed = result.isServed { json.member("served", isServed) }
      json.member("signers", result.signers.map(\.id))
      json.endObject()
    }
    json.endArray()
  }
}

/// A manifest in JSON: the members of its payload.
enum ManifestJSON {
  static let fields: [JSONField] = [
    .init("type", "always manifest"), .init("v", "the version of the format"),
    .init("project", "the project"), .init("environment", "the environment"), .init("epoch", "the epoch"),
    .init("sequence", "the number of commits on the first-parent chain"), .init("created", "when it was signed"),
    .init("expires", "when clients call it stale"), .init("source.commit", "the commit that was compiled"),
    .init("source.tree", "its tree"), .init("source.ref", "the branch"),
    .init("compiler.name", "the program that compiled"), .init("compiler.version", "its version"),
    .init("snapshot.sha256", "SHA-256 of the snapshot's bytes"), .init("snapshot.size", "how many bytes it has"),
    .init("snapshot.flags", "how many flags it has"),
    .init("snapshot.minimumReader", "the oldest reader that understands it"),
    .init("previous.sequence", "the sequence of the manifest before"),
    .init("previous.sha256", "SHA-256 of the payload of the manifest before"),
    .init("dirty", "true when the snapshot is not of the commit's files"),
  ]
}
