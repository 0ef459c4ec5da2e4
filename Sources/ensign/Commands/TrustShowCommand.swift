internal import Ensign
internal import FlagPublisher

/// `ensign trust show`.
struct TrustShowCommand: CommandBody {
  var now: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let path = operands.first ?? ""
    let sheet: TrustSheet
    if FileSystem.kind(of: session.console.absolute(path)) == .folder {
      let store = try session.store(path)
      let chain = try publishing { () throws(PublishingError) in try store.trustChain() }
      guard let newest = chain.last else { throw .refused("the store \(path) has no trust file") }
      sheet = TrustSheet(file: newest.file, envelope: newest.envelope, predecessor: chain.dropLast().last?.file)
    } else {
      let bytes = try session.envelope(path, of: "trust show")
      do throws(VerificationError) {
        let envelope = try Envelope(parsing: bytes)
        sheet = TrustSheet(file: try TrustFile(payload: envelope.payload), envelope: envelope, predecessor: nil)
      } catch {
        throw .refused("\(path) is no trust file: \(error.message)")
      }
    }
    let now = try session.time(now)
    switch session.format {
    case .json: session.console.output.write(sheet.document(at: now))
    default: session.console.output.write(sheet.text(at: now, session.style))
    }
    return .done
  }
}

extension Command {
  static let trustShow = Command(
    "trust show", TrustShowCommand(), group: .publish, summary: "Show who is trusted to sign what.",
    discussion: """
      Of a store the newest version is shown, once the chain that leads to it is verified. From thirty days before its \
      end on, a version is shown as expiring.
      """,
    operands: [CommandOperand("FILE|STORE", completion: .file, help: "a trust file, a draft of one, or a store")],
    options: [
      .value("now", "TIME", \.now, help: "the present, such as 2026-12-01T09:00:00Z (default: the clock's)")
    ],
    formats: [.text, .json], json: TrustSheet.fields,
    examples: [("trust show store", "the newest trust file of a store")])
}
