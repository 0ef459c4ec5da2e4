internal import Ensign

/// What a server says when it has taken publications: `{"environments":[{"environment":…,"epoch":…,"outcome":…,
/// "sequence":…,"served":…,"sha256":…},…]}`.
package enum PublicationReceipt {
  /// The answer, in the order of the publications.
  ///
  /// - Parameter served: the environments of which readers get what was published, not only those that have it stored.
  package static func document(of accepted: [PublishedManifest], served: Set<String>) -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.key(literal: "environments")
    json.beginArray()
    for result in accepted {
      let manifest = result.manifest
      json.beginObject()
      json.member("environment", manifest.environment)
      json.member("epoch", manifest.epoch)
      json.member("outcome", result.outcome.rawValue)
      json.member("sequence", manifest.sequence)
      json.member("served", served.contains(manifest.environment))
      json.member("sha256", manifest.snapshot.sha256)
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.bytes
  }

  /// The environments that an answer says are served; nil when it is something else.
  static func served(_ answer: [UInt8]) -> Set<String>? {
    guard let list = (try? JSONValue(parsing: answer))?["environments"]?.array else { return nil }
    var served: Set<String> = []
    for entry in list {
      guard let environment = entry["environment"]?.string, let isServed = entry["served"]?.boolean else { return nil }
      if isServed { served.insert(environment) }
    }
    return served
  }
}
