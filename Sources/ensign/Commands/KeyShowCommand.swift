internal import Ensign
internal import FlagPublisher

/// `ensign key show`.
struct KeyShowCommand: CommandBody {
  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let file = try KeyArguments(session).file(operands.first ?? "")
    let key = file.publicKey
    let kind =
      switch file {
      case .public: "public"
      case .secret(let file): file.isEncrypted ? "secret, with a passphrase" : "secret, without a passphrase"
      }
    switch session.format {
    case .json:
      var json = CanonicalJSON()
      json.beginObject()
      json.member("keyid", key.id)
      json.member("keytype", "ed25519")
      json.member("public", key.hexadecimal)
      json.member("pem", key.pem)
      json.member("secret", kind != "public")
      json.endObject()
      session.console.output.write(json.bytes)
      session.console.output.write("\n")
    default:
      session.console.output.line("kind    \(kind)")
      session.console.output.line("id      \(key.id)")
      session.console.output.line("public  \(key.hexadecimal)")
      session.console.output.write(key.pem)
    }
    return .done
  }
}

extension Command {
  static let keyShow = Command(
    "key show", KeyShowCommand(), group: .publish, summary: "Show the public half of a key.",
    discussion: "It stands in the files of secret keys too, so that no passphrase is asked for.",
    operands: [CommandOperand("FILE", completion: .file, help: "the file of a secret or public key")],
    formats: [.text, .json],
    json: [
      .init("keyid", "the id of the key in envelopes and trust files"), .init("keytype", "always ed25519"),
      .init("public", "the public key, 64 hexadecimal digits"),
      .init("pem", "the public key as openssl reads it"), .init("secret", "whether the file holds the secret half"),
    ],
    examples: [("key show root.key.pub", "its id, its digits, and what openssl reads")])
}
