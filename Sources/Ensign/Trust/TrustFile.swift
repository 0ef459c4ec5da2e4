/// Whose signatures count: one version of the trust file of a project.
///
/// A client is installed with one version, its anchor, and follows the chain from there: version *n* + 1 counts when
/// enough root keys of version *n* and enough of its own signed it.
public struct TrustFile: Hashable, Sendable {
  /// The media type of the payload.
  public static let payloadType = "application/vnd.ensign.trust.v1+json"
  /// The greatest number of keys in a trust file.
  public static let maximumKeys = 64

  /// Keys that are trusted for a task, and how many of them it takes.
  public struct Role: Hashable, Sendable {
    /// The ids of the keys, sorted, each once.
    public var keyIDs: [String]
    /// How many different keys must sign, from 1 to the number of keys.
    public var threshold: Int

    /// A role of keys.
    public init(keyIDs: [String], threshold: Int) {
      self.keyIDs = Self.distinct(keyIDs)
      self.threshold = threshold
    }

    /// Sorted, each once.
    ///
    /// Not by a set: of the code for sets of strings a program keeps the first that is linked, and here it is the kind
    /// that asks for types by name, which takes the command a twentieth of a millisecond.
    fileprivate static func distinct(_ ids: [String]) -> [String] {
      ids.sorted().reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }
  }

  /// The place in the chain, from 1.
  public var version: Int
  /// The epoch of manifests that count, from 1; a new one lets sequences begin again.
  public var epoch: Int
  /// When a newer version is overdue: after that no new manifest is accepted.
  public var expires: Timestamp
  /// Every key that a role mentions, by its id.
  public var keys: [String: PublicKey]
  /// Who signs trust files.
  public var root: Role
  /// Who signs manifests.
  public var publish: Role
  /// Who signs the manifests of some environments instead, by the environment's name.
  public var environments: [String: Role]

  /// A trust file of its parts.
  public init(
    version: Int, epoch: Int, expires: Timestamp, keys: [String: PublicKey], root: Role, publish: Role,
    environments: [String: Role] = [:]
  ) {
    self.version = version
    self.epoch = epoch
    self.expires = expires
    self.keys = keys
    self.root = root
    self.publish = publish
    self.environments = environments
  }

  /// The keys that are trusted to sign an environment's manifests.
  public func publishRole(for environment: String) -> Role { environments[environment] ?? publish }

  /// The keys of a role, in the order of their ids.
  public func keys(of role: Role) -> [PublicKey] { role.keyIDs.compactMap { keys[$0] } }

  /// Whether the file has expired, by a clock that may be wrong by five minutes.
  public func hasExpired(at now: Timestamp) -> Bool { Clocks.isPast(expires, at: now) }
}

// MARK: - The chain

extension TrustFile {
  /// The trust file that a client is installed with, which its own root keys must have signed.
  public static func anchor(_ envelope: [UInt8]) throws(VerificationError) -> TrustFile {
    let envelope = try Envelope(parsing: envelope)
    let file = try TrustFile(payload: envelope.payload)
    try file.requireRoot(envelope)
    return file
  }

  /// The next version: signed by the root keys of this version, and by its own.
  ///
  /// - Throws: ``ClientStatus/untrusted`` when too few signed, ``ClientStatus/rollback`` for a version that is not newer,
  ///   or an older epoch, ``ClientStatus/malformed`` for one that skips a version.
  public func successor(_ envelope: [UInt8]) throws(VerificationError) -> TrustFile {
    let envelope = try Envelope(parsing: envelope)
    try requireRoot(envelope)
    let file = try TrustFile(payload: envelope.payload)
    try file.requireRoot(envelope)
    guard file.version > version else {
      throw VerificationError(.rollback, "trust version \(file.version) stands in the place of \(version + 1)")
    }
    guard file.version == version + 1 else {
      throw VerificationError(
        .malformed, "trust version \(file.version) follows \(version): versions are never skipped")
    }
    guard file.epoch >= epoch else {
      throw VerificationError(.rollback, "trust version \(file.version) goes back from epoch \(epoch) to \(file.epoch)")
    }
    return file
  }

  private func requireRoot(_ envelope: Envelope) throws(VerificationError) {
    try envelope.require(
      type: Self.payloadType, signedBy: keys(of: root), threshold: root.threshold,
      as: "root of trust version \(version)")
  }
}

// MARK: - The payload

extension TrustFile {
  /// Reads a payload, whose signatures are the caller's to verify.
  ///
  /// Every key has the id that it should have, every role has keys, and no more signatures are needed than a role has
  /// keys.
  public init(payload: [UInt8]) throws(VerificationError) {
    let reader = try PayloadReader(document: payload, type: "trust")
    version = try reader.integer("version")
    epoch = try reader.integer("epoch")
    expires = try reader.timestamp("expires")
    keys = try Self.readKeys(try reader.object("keys"))
    let roles = try reader.object("roles")
    root = try Self.readRole(try roles.object("root"), among: keys)
    let publish = try roles.object("publish")
    self.publish = try Self.readRole(publish, among: keys)
    environments = [:]
    for environment in publish.optional("environments")?.value.object ?? [] {
      let override = PayloadReader(environment.value, at: "\(publish.place("environments")).\(environment.key)")
      environments[environment.key] = try Self.readRole(override, among: keys, inheriting: self.publish)
    }
  }

  private static func readKeys(_ reader: PayloadReader) throws(VerificationError) -> [String: PublicKey] {
    let members = reader.value.object ?? []
    guard members.count <= maximumKeys else {
      throw VerificationError(.malformed, "'keys' has more than \(maximumKeys) keys")
    }
    var keys: [String: PublicKey] = [:]
    for member in members {
      let entry = PayloadReader(member.value, at: reader.place(member.key))
      let type = try entry.string("keytype")
      guard type == "ed25519" else {
        throw VerificationError(.malformed, "'\(entry.place("keytype"))' is '\(type)', and only ed25519 is known")
      }
      let key = try PublicKey(hexadecimal: try entry.string("public"))
      guard key.id == member.key else {
        throw VerificationError(.malformed, "the key \(key) has the id \(key.id), not '\(member.key)'")
      }
      keys[member.key] = key
    }
    return keys
  }

  private static func readRole(
    _ reader: PayloadReader, among keys: [String: PublicKey], inheriting base: Role? = nil
  ) throws(VerificationError) -> Role {
    let ids: [String]
    if let base, reader.value["keyids"] == nil {
      ids = base.keyIDs
    } else {
      guard let list = reader.value["keyids"]?.array else { throw reader.wrong("keyids", "a list of key ids") }
      ids = list.compactMap(\.string)
      guard ids.count == list.count, Role.distinct(ids).count == ids.count, ids.allSatisfy({ keys[$0] != nil }) else {
        throw reader.wrong("keyids", "a list of different ids, all of which stand in 'keys'")
      }
    }
    let threshold = try reader.integer("threshold")
    guard threshold <= ids.count else {
      throw VerificationError(
        .malformed, "'\(reader.place("threshold"))' is \(threshold), and there are only \(ids.count) keys")
    }
    return Role(keyIDs: ids, threshold: threshold)
  }

  /// The canonical bytes that are signed.
  public var payload: [UInt8] {
    var publishMembers = Self.members(of: publish, inheriting: nil)
    if !environments.isEmpty {
      publishMembers.append(
        .init(
          key: "environments",
          value: .object(
            environments.map { .init(key: $0.key, value: .object(Self.members(of: $0.value, inheriting: publish))) })))
    }
    return JSONValue.object([
      .init(key: "type", value: "trust"), .init(key: "v", value: 1),
      .init(key: "version", value: .integer(Int64(version))),
      .init(key: "epoch", value: .integer(Int64(epoch))), .init(key: "expires", value: .string(Clocks.text(expires))),
      .init(
        key: "keys",
        value: .object(
          keys.map { id, key in
            .init(
              key: id,
              value: .object([
                .init(key: "keytype", value: "ed25519"), .init(key: "public", value: .string(key.hexadecimal)),
              ]))
          })),
      .init(
        key: "roles",
        value: .object([
          .init(key: "root", value: .object(Self.members(of: root, inheriting: nil))),
          .init(key: "publish", value: .object(publishMembers)),
        ])),
    ]).canonicalBytes
  }

  private static func members(of role: Role, inheriting base: Role?) -> [JSONValue.Member] {
    let threshold = JSONValue.Member(key: "threshold", value: .integer(Int64(role.threshold)))
    if role.keyIDs == base?.keyIDs { return [threshold] }
    return [.init(key: "keyids", value: .array(role.keyIDs.map { .string($0) })), threshold]
  }
}
