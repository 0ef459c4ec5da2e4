internal import Ensign
internal import FlagPublisher

/// The keys that a command was given.
struct KeyArguments {
  let session: Session
  /// The value of `--passphrase-file`.
  var passphraseFile: String?

  init(_ session: Session, passphraseFile: String? = nil) {
    self.session = session
    self.passphraseFile = passphraseFile
  }

  /// The key file at a path.
  func file(_ path: String) throws(CommandError) -> KeyFile {
    try publishing { () throws(PublishingError) in
      try KeyFile.read(session.console.absolute(path), name: path)
    }
  }

  /// The public halves of key files, secret or public.
  func publicKeys(_ paths: [String]) throws(CommandError) -> [PublicKey] {
    try paths.map { path throws(CommandError) in try file(path).publicKey }
  }

  /// The secret keys to sign with: those of the files, or else those of the variable `ENSIGN_KEY`.
  func signingKeys(_ paths: [String]) throws(CommandError) -> [SigningKey] {
    var keys: [SigningKey] = []
    for path in paths {
      guard case .secret(let file) = try file(path) else {
        throw .refused("\(path) is a public key, and only secret keys can sign", help: "name the file without .pub")
      }
      keys.append(try signingKey(file, path))
    }
    if paths.isEmpty, var words = session.console.variable("ENSIGN_KEY").map({ Array($0.utf8) }) {
      do throws(PublishingError) {
        keys = try SecretToken.keys(taking: &words)
      } catch {
        throw .publishing(
          PublishingError(error.code, "the variable ENSIGN_KEY cannot be used: \(error.message)", helps: error.help))
      }
    }
    return keys
  }

  /// The secret keys to sign with, of which there must be one.
  func requiredSigningKeys(_ paths: [String]) throws(CommandError) -> [SigningKey] {
    let keys = try signingKeys(paths)
    guard !keys.isEmpty else {
      throw .usage("\(session.command.name) needs a secret key: --key FILE, or the variable ENSIGN_KEY")
    }
    return keys
  }

  /// The secret halves of those files that have one: the rest is signed by others, elsewhere.
  func signingKeysAtHand(_ paths: [String]) throws(CommandError) -> [SigningKey] {
    var keys: [SigningKey] = []
    for path in paths {
      if case .secret(let file) = try file(path) { keys.append(try signingKey(file, path)) }
    }
    return keys
  }

  private func signingKey(_ file: SecretKeyFile, _ path: String) throws(CommandError) -> SigningKey {
    do throws(PublishingError) {
      return try file.signingKey { () throws(PublishingError) in
        try Passphrase(session, file: passphraseFile).known(for: path)
      }
    } catch {
      throw .publishing(PublishingError(error.code, "\(path): \(error.message)", helps: error.help))
    }
  }
}
