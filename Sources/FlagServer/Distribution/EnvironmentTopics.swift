internal import Ensign
internal import HTTP

/// Where the news of an environment are told.
struct EnvironmentTopics: Sendable {
  /// For those who wait for another manifest, which may be the same snapshot, signed again.
  let manifests = Topic()
  /// For those who fetch snapshots.
  let snapshots = Topic()
  /// For clients of the OpenFeature Remote Evaluation Protocol.
  let evaluations = Topic()

  /// How many clients listen for events.
  var streamCount: Int { snapshots.waiterCount + evaluations.waiterCount }

  var all: [Topic] { [manifests, snapshots, evaluations] }

  /// Tells of a new manifest.
  func publishManifest() { manifests.publish([]) }

  /// Tells of a new state.
  func publish(_ served: ServedEnvironment, seconds: Int) {
    snapshots.publish(Self.event("snapshot", id: served.version, Self.data(of: served)))
    evaluations.publish(
      Self.event("message", id: served.version, OFREPEvents.data(sha256: served.sha256, seconds: seconds)))
  }

  private static func data(of served: ServedEnvironment) -> [UInt8] {
    var json = CanonicalJSON(capacity: 128)
    json.beginObject()
    json.key(literal: "epoch")
    json.append(served.epoch)
    json.key(literal: "sequence")
    json.append(served.sequence)
    json.key(literal: "sha256")
    json.append(served.sha256)
    json.endObject()
    return json.bytes
  }

  private static func event(_ name: String, id: String, _ data: [UInt8]) -> [UInt8] {
    Array("id: \(id)\nevent: \(name)\ndata: ".utf8) + data + Array("\n\n".utf8)
  }
}
