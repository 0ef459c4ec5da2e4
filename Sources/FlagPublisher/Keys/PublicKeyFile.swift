package import Ensign

/// The file of a public key.
///
/// `{"keyid":"…","keytype":"ed25519","public":"…","type":"ensign-public-key","v":1}`, and a line feed.
package enum PublicKeyFile {
  /// The `type` of the file.
  static let type = "ensign-public-key"

  /// The file's bytes.
  package static func bytes(of key: PublicKey) -> [UInt8] {
    JSONValue.object(members(of: key, type: type)).canonicalBytes + [UInt8(ascii: "\n")]
  }

  /// The members that the files of public and of secret keys share.
  static func members(of key: PublicKey, type: String) -> [JSONValue.Member] {
    [
      .init(key: "type", value: .string(type)), .init(key: "v", value: 1),
      .init(key: "keytype", value: "ed25519"), .init(key: "keyid", value: .string(key.id)),
      .init(key: "public", value: .string(key.hexadecimal)),
    ]
  }

  /// The public key in a parsed file of either kind.
  static func key(in file: JSONValue) throws(PublishingError) -> PublicKey {
    guard file["v"]?.integer == 1, file["keytype"]?.string == "ed25519" else {
      throw PublishingError(.invalidKey, "it is no Ed25519 key of a version that this program knows")
    }
    let key: PublicKey
    do throws(VerificationError) {
      key = try PublicKey(hexadecimal: file["public"]?.string ?? "")
    } catch {
      throw PublishingError(.invalidKey, "its member 'public' is wrong: \(error.message)")
    }
    guard file["keyid"]?.string == key.id else {
      throw PublishingError(.invalidKey, "its member 'keyid' is not the id of its public key, which is \(key.id)")
    }
    return key
  }
}
