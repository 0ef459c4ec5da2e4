internal import Ensign
internal import FlagPublisher

/// A trust file as it is shown.
struct TrustSheet {
  let file: TrustFile
  let envelope: Envelope
  /// The version before it, whose root keys signed too; nil when it is the first, or not known.
  let predecessor: TrustFile?

  /// How near its end a version has to be to be called expiring: thirty days.
  private static let warning: Int64 = 30 * 86_400_000

  /// `current`, `expiring` or `expired`.
  private func state(at now: Timestamp) -> String {
    if file.hasExpired(at: now) { return "expired" }
    return file.expires.milliseconds - now.milliseconds < Self.warning ? "expiring" : "current"
  }

  // MARK: - Text

  /// The file with who signed it.
  func text(at now: Timestamp, _ style: Style) -> String {
    var text = Self.text(of: file, style)
    text += "signed by\n"
    for version in [predecessor, file] {
      guard let version else { continue }
      let signers = envelope.signers(among: version.keys(of: version.root))
      text += "  root of version \(version.version): \(signers.count) of \(version.root.threshold) needed\n"
      for signer in signers { text += "    \(signer.id)\n" }
    }
    switch state(at: now) {
    case "expired":
      text += style.red("expired") + ": nothing new is accepted under it; see 'ensign help trust rotate'\n"
    case "expiring": text += style.yellow("expires soon") + ": see 'ensign help trust rotate'\n"
    default: break
    }
    return text
  }

  /// What the file says.
  static func text(of file: TrustFile, _ style: Style) -> String {
    var text = style.bold("trust version \(file.version)") + ", epoch \(file.epoch), expires \(file.expires)\n"
    text += section("root", file.root, file)
    text += section("publish", file.publish, file)
    for (environment, role) in file.environments.sorted(by: { $0.key < $1.key }) {
      if role.keyIDs == file.publish.keyIDs {
        text += "publish for \(environment.printable): \(role.threshold) of the same \(role.keyIDs.count)\n"
      } else {
        text += section("publish for \(environment.printable)", role, file)
      }
    }
    return text
  }

  private static func section(_ name: String, _ role: TrustFile.Role, _ file: TrustFile) -> String {
    "\(name): \(role.threshold) of \(role.keyIDs.count)\n" + role.keyIDs.map { "  \($0)\n" }.joined()
  }

  // MARK: - JSON

  static let fields: [JSONField] = [
    .init("version", "the place in the chain"), .init("epoch", "the epoch of manifests that count"),
    .init("expires", "when the next version is due"),
    .init("state", "current, expiring (thirty days before its end) or expired"),
    .init("roles.root.threshold", "how many keys must sign a trust file"),
    .init("roles.root.keyids[]", "the keys that may"),
    .init("roles.publish.threshold", "how many keys must sign a manifest"),
    .init("roles.publish.keyids[]", "the keys that may"),
    .init("roles.publish.environments.*", "the same for single environments: threshold and keyids"),
    .init("keys.*", "the public keys by their ids, 64 hexadecimal digits"),
    .init("signatures[].role", "root, of this version or the one before"),
    .init("signatures[].version", "the version that the role is of"),
    .init("signatures[].threshold", "how many of its keys must sign"),
    .init("signatures[].signers[]", "those that did"),
  ]

  func document(at now: Timestamp) -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.member("version", file.version)
    json.member("epoch", file.epoch)
    json.member("expires", file.expires.description)
    json.member("state", state(at: now))
    json.key("roles")
    writeRoles(&json)
    json.key("keys")
    json.beginObject()
    for (id, key) in file.keys.sorted(by: { $0.key < $1.key }) { json.member(id, key.hexadecimal) }
    json.endObject()
    json.key("signatures")
    json.beginArray()
    for version in [predecessor, file] {
      if let version { writeSignatures(of: version, &json) }
    }
    json.endArray()
    json.endObject()
    return json.bytes + [UInt8(ascii: "\n")]
  }

  private func writeRoles(_ json: inout CanonicalJSON) {
    json.beginObject()
    json.key("root")
    json.beginObject()
    Self.write(file.root, &json)
    json.endObject()
    json.key("publish")
    json.beginObject()
    Self.write(file.publish, &json)
    if !file.environments.isEmpty {
      json.key("environments")
      json.beginObject()
      for (environment, role) in file.environments.sorted(by: { $0.key < $1.key }) {
        json.key(environment)
        json.beginObject()
        Self.write(role, &json)
        json.endObject()
      }
      json.endObject()
    }
    json.endObject()
    json.endObject()
  }

  private static func write(_ role: TrustFile.Role, _ json: inout CanonicalJSON) {
    json.member("threshold", role.threshold)
    json.member("keyids", role.keyIDs)
  }

  private func writeSignatures(of version: TrustFile, _ json: inout CanonicalJSON) {
    json.beginObject()
    json.member("role", "root")
    json.member("version", version.version)
    json.member("threshold", version.root.threshold)
    json.member("signers", envelope.signers(among: version.keys(of: version.root)).map(\.id))
    json.endObject()
  }
}
