package import Ensign

/// What a new version of the trust file does differently.
package struct TrustChange: Sendable {
  package var addedRoots: [PublicKey] = []
  package var removedRoots: [String] = []
  package var addedPublishers: [PublicKey] = []
  package var removedPublishers: [String] = []
  /// Nil leaves the threshold as it is.
  package var rootThreshold: Int?
  package var publishThreshold: Int?
  /// Thresholds of single environments, in the order in which they were given.
  package var environmentThresholds: [(environment: String, threshold: Int)] = []
  /// Whether sequences begin again.
  package var startsEpoch = false

  package init() {}

  /// The first version of a trust file.
  package func first(expires: Timestamp) throws(PublishingError) -> TrustFile {
    let empty = TrustFile.Role(keyIDs: [], threshold: 1)
    let nothing = TrustFile(version: 0, epoch: 1, expires: expires, keys: [:], root: empty, publish: empty)
    return try applied(to: nothing, expires: expires)
  }

  /// The version after `file`.
  ///
  /// - Throws: when a key is added twice, removed but not there, or a threshold is beyond its keys.
  package func applied(to file: TrustFile, expires: Timestamp) throws(PublishingError) -> TrustFile {
    var next = file
    next.version += 1
    // To the second: that is all that a trust file says.
    next.expires = Timestamp(milliseconds: expires.milliseconds / 1000 * 1000)
    if startsEpoch { next.epoch += 1 }
    let root = try Self.change(file.root, "root", removedRoots, addedRoots)
    let publish = try Self.change(file.publish, "publish", removedPublishers, addedPublishers)
    next.root = .init(keyIDs: root, threshold: rootThreshold ?? file.root.threshold)
    next.publish = .init(keyIDs: publish, threshold: publishThreshold ?? file.publish.threshold)
    next.environments = file.environments.mapValues { role in
      // Keys of their own, which other tools may have written, stay.
      let ids = role.keyIDs == file.publish.keyIDs ? publish : role.keyIDs.filter { !removedPublishers.contains($0) }
      return .init(keyIDs: ids, threshold: role.threshold)
    }
    for (environment, threshold) in environmentThresholds {
      next.environments[environment] = .init(keyIDs: publish, threshold: threshold)
    }
    let added = Dictionary((addedRoots + addedPublishers).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let mentioned = Set(root + publish + next.environments.values.flatMap(\.keyIDs))
    next.keys = file.keys.merging(added) { old, _ in old }.filter { mentioned.contains($0.key) }
    try Self.check(next)
    return next
  }

  private static func change(
    _ role: TrustFile.Role, _ name: String, _ removed: [String], _ added: [PublicKey]
  ) throws(PublishingError) -> [String] {
    var ids = role.keyIDs
    for id in removed {
      guard let place = ids.firstIndex(of: id) else {
        throw PublishingError(
          .invalidRequest, "the key \(id) is none of the role \(name)", help: "ensign trust show lists the keys")
      }
      ids.remove(at: place)
    }
    for key in added {
      guard !ids.contains(key.id) else {
        throw PublishingError(
          .invalidRequest, "the role \(name) has the key \(key.id) twice then", help: "name it once")
      }
      ids.append(key.id)
    }
    return ids
  }

  private static func check(_ file: TrustFile) throws(PublishingError) {
    let roles =
      [("root", file.root), ("publish", file.publish)]
      + file.environments.sorted { $0.key < $1.key }.map { ("publish for \($0.key)", $0.value) }
    for (name, role) in roles {
      guard !role.keyIDs.isEmpty else {
        throw PublishingError(.invalidRequest, "the role \(name) has no key")
      }
      guard (1...role.keyIDs.count).contains(role.threshold) else {
        throw PublishingError(
          .invalidRequest,
          "the role \(name) needs \(role.threshold) signatures, and has \(role.keyIDs.count) keys",
          help: "a threshold is 1 to the number of keys")
      }
    }
    // One stolen key must not open both doors.
    if let shared = file.root.keyIDs.first(where: { file.publish.keyIDs.contains($0) }) {
      throw PublishingError(
        .invalidRequest, "the key \(shared) would be a root key and a publish key",
        help: "use keys of their own for each: root keys stay offline, so that a stolen publish key can be replaced")
    }
    guard file.keys.count <= TrustFile.maximumKeys else {
      throw PublishingError(.invalidRequest, "a trust file has at most \(TrustFile.maximumKeys) keys")
    }
  }
}
