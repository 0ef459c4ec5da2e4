internal import Ensign

/// The stream that tells the protocol's clients to ask again.
package enum OFREPEvents {
  /// The query with which the events of an environment have the protocol's form.
  package static let query = "format=ofrep"

  /// Where the stream of an environment is.
  package static func path(of environment: String) -> String { "/v1/environments/\(environment)/events?\(query)" }

  /// The data of the event that is sent for a new state of an environment; its name is `message`.
  ///
  /// - Parameters:
  ///   - sha256: the digest of the snapshot.
  ///   - seconds: when it was noticed, in seconds since 1970.
  package static func data(sha256: String, seconds: Int) -> [UInt8] {
    var json = CanonicalJSON(capacity: 160)
    json.beginObject()
    json.key(literal: "etag")
    json.append("\"\(sha256)\"")
    json.key(literal: "lastModified")
    json.append(seconds)
    json.key(literal: "type")
    json.append("refetchEvaluation")
    json.endObject()
    return json.bytes
  }
}
