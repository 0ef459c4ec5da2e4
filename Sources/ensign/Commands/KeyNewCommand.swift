internal import Ensign
internal import FlagPublisher

/// `ensign key new`.
struct KeyNewCommand: CommandBody {
  var out: String?
  var isWithoutPassphrase = false
  var passphraseFile: String?
  var isPrinted = false

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    switch (out, isPrinted) {
    case (nil, false): throw .usage("key new needs to know where the key goes: --out FILE, or --print")
    case (_?, true): throw .usage("--out and --print exclude each other")
    case (nil, true): return try printKey(in: session)
    case (let out?, false): return try writeKey(to: out, in: session)
    }
  }

  private func printKey(in session: Session) throws(CommandError) -> CommandStatus {
    let key = try generate()
    var word = SecretToken.bytes(of: key)
    session.console.output.write(word)
    session.console.output.write("\n")
    SecretBytes.clear(&word)
    session.console.message("public half, id \(key.publicKey.id):")
    session.console.messages.write(PublicKeyFile.bytes(of: key.publicKey))
    return .done
  }

  private func writeKey(to out: String, in session: Session) throws(CommandError) -> CommandStatus {
    let path = session.console.absolute(out)
    for existing in [path, path + ".pub"] where FileSystem.kind(of: existing) != nil {
      throw Self.exists(session.console.shown(existing))
    }
    let key = try generate()
    var bytes = try publishing { () throws(PublishingError) in
      let passphrase = isWithoutPassphrase ? nil : try Passphrase(session, file: passphraseFile).new(for: out)
      return try SecretKeyFile.bytes(of: key, passphrase: passphrase)
    }
    defer { SecretBytes.clear(&bytes) }
    try create(path, bytes, mode: 0o600)
    try create(path + ".pub", PublicKeyFile.bytes(of: key.publicKey), mode: 0o644)
    session.console.output.line("secret  \(out)")
    session.console.output.line("public  \(out).pub")
    session.console.output.line("id      \(key.publicKey.id)")
    return .done
  }

  private func generate() throws(CommandError) -> SigningKey {
    do throws(VerificationError) {
      return try SigningKey.generate()
    } catch {
      throw .environment(error.message)
    }
  }

  private func create(_ path: String, _ bytes: [UInt8], mode: UInt32) throws(CommandError) {
    let folder = FileSystem.parent(of: path) ?? "/"
    let name = String(path.dropFirst(folder == "/" ? 1 : folder.count + 1))
    let isNew: Bool
    do throws(StorageError) {
      isNew = try DiskFiles(root: folder).create(name, with: bytes, mode: mode)
    } catch {
      throw .publishing(PublishingError(error, below: folder))
    }
    guard isNew else { throw Self.exists(path) }
  }

  private static func exists(_ path: String) -> CommandError {
    .refused("\(path) exists already, and keys are never overwritten", help: "choose another name")
  }
}

extension Command {
  static let keyNew = Command(
    "key new", KeyNewCommand(), group: .publish, summary: "Make a new Ed25519 key.",
    discussion: """
      The secret key goes to FILE, which only its owner can read, and the public half to FILE.pub. The secret half is \
      encrypted with a passphrase: asked for at the terminal, or taken from --passphrase-file, or from the variable \
      ENSIGN_PASSPHRASE. A file that exists is never overwritten.

      For the secret store of a CI service, --print writes the secret as one word to standard output, and nothing to \
      disk: what reads the variable ENSIGN_KEY takes it.
      """,
    options: [
      .value("out", short: "o", "FILE", completion: .file, \.out, help: "the file of the secret key"),
      .flag("no-passphrase", \.isWithoutPassphrase, help: "do not encrypt the secret key"),
      .value(
        "passphrase-file", "FILE", completion: .file, \.passphraseFile,
        help: "a file whose first line is the passphrase"),
      .flag("print", \.isPrinted, help: "print the secret key instead of writing a file"),
    ],
    examples: [
      ("key new --out root.key", "a key for trust files, with a passphrase"),
      ("key new --print", "a key for the secret store of a CI service"),
    ])
}
