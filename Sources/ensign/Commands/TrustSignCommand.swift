internal import Ensign
internal import FlagPublisher

/// `ensign trust sign`.
struct TrustSignCommand: CommandBody {
  var keys: [String] = []
  var store: String?
  var passphraseFile: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let path = operands.first ?? ""
    let store = try store.map { path throws(CommandError) in try session.store(path) }
    let bytes = try session.envelope(path, of: "trust sign")
    let envelope: Envelope
    do throws(VerificationError) {
      envelope = try Envelope(parsing: bytes)
    } catch {
      throw .refused("\(path) is no draft of a trust file: \(error.message)")
    }
    let draft = try publishing { () throws(PublishingError) in
      if let store { try TrustDraft(envelope, in: store) } else { try TrustDraft(envelope) }
    }
    let arguments = KeyArguments(session, passphraseFile: passphraseFile)
    // A draft that everybody signed needs no key: it only has to get into the store.
    let mayLackKeys = store != nil && draft.isComplete
    let keys = try mayLackKeys ? arguments.signingKeys(self.keys) : arguments.requiredSigningKeys(self.keys)
    // Whoever signs sees what.
    session.console.messages.write(TrustSheet.text(of: draft.file, session.messageStyle))
    return try TrustDrafting(session: session, store: store, out: path).finish(draft, keys: keys, isStrict: true)
  }
}

extension Command {
  static let trustSign = Command(
    "trust sign", TrustSignCommand(), group: .publish, summary: "Add a signature to a draft of a trust file.",
    discussion: """
      The draft is shown, signed and written back. With --store it is put into the store as soon as enough keys signed, \
      and the root keys of the store's newest version may sign it too.
      """,
    operands: [CommandOperand("FILE", completion: .file, help: "the draft")],
    options: [
      .values(
        "key", short: "k", "FILE", completion: .file, \.keys,
        help: "a secret root key; repeatable (default: the variable ENSIGN_KEY)"),
      .value("store", "DIR", completion: .folder, \.store, help: "the folder of the store"),
      .value(
        "passphrase-file", "FILE", completion: .file, \.passphraseFile,
        help: "a file whose first line is the passphrase of the keys"),
    ],
    examples: [
      ("trust sign draft.json --key b.key", "the second of two signatures"),
      ("trust sign draft.json --store store", "into the store, when all have signed"),
    ])
}
