package import Ensign
internal import Glibc

/// A file of a key, public or secret.
package enum KeyFile: Sendable {
  case `public`(PublicKey)
  case secret(SecretKeyFile)

  /// The public half, which a file of either kind holds.
  package var publicKey: PublicKey {
    switch self {
    case .public(let key): key
    case .secret(let file): file.publicKey
    }
  }

  /// Reads a key file.
  ///
  /// - Parameters:
  ///   - path: the file, absolute.
  ///   - name: the file in messages.
  /// - Throws: with the code `exposedKey` for a secret key that others than its owner may read or write.
  package static func read(_ path: String, name: String) throws(PublishingError) -> KeyFile {
    var (bytes, mode) = try contents(of: path, name: name)
    defer { SecretBytes.clear(&bytes) }
    do throws(PublishingError) {
      guard contains(bytes, "\"\(SecretKeyFile.type)\"") else { return .public(try publicKey(in: bytes)) }
      guard mode & 0o077 == 0 else {
        throw PublishingError(
          .exposedKey, "others than its owner can read or write it, so it is secret no more",
          help: "chmod 600 \(name), if nobody has read it; otherwise make a new key and rotate")
      }
      return .secret(try SecretKeyFile(taking: &bytes))
    } catch {
      var error = error
      error.message = "\(name) cannot be used: \(error.message)"
      throw error
    }
  }

  private static func publicKey(in bytes: [UInt8]) throws(PublishingError) -> PublicKey {
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw PublishingError(.invalidKey, "it is no key file, which is JSON", help: "ensign key new makes one")
    }
    guard value["type"]?.string == PublicKeyFile.type else {
      throw PublishingError(.invalidKey, "it is no key file: its member 'type' is none of a key's")
    }
    return try PublicKeyFile.key(in: value)
  }

  /// The bytes and permissions of a small regular file; links are followed, as secret stores use them.
  private static func contents(of path: String, name: String) throws(PublishingError) -> ([UInt8], mode_t) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw PublishingError(.storage, "cannot read \(name): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw PublishingError(.storage, "cannot read \(name): it is no regular file")
    }
    var bytes = [UInt8](repeating: 0, count: SecretKeyFile.maximumSize + 1)
    let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0, count <= SecretKeyFile.maximumSize else {
      SecretBytes.clear(&bytes)
      throw PublishingError(
        .invalidKey, "\(name) is no key file: it has more than \(SecretKeyFile.maximumSize) bytes")
    }
    let contents = Array(bytes[..<count])
    SecretBytes.clear(&bytes)
    return (contents, status.st_mode)
  }

  private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: text.utf8) }
  }
}
