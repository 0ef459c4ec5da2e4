internal import Ensign
internal import FlagPublisher

/// What becomes of a draft of a trust file: into the store when everybody signed, else into a file for the others.
struct TrustDrafting {
  let session: Session
  /// The store; nil while only signatures are gathered.
  var store: PublishedStore?
  /// The file of the draft, as the user wrote it.
  var out: String?

  /// Signs with each key that may, and puts the draft where it belongs.
  ///
  /// - Parameter isStrict: whether a key that has no part in it is an error.
  func finish(_ draft: TrustDraft, keys: [SigningKey], isStrict: Bool) throws(CommandError) -> CommandStatus {
    var draft = draft
    for key in keys {
      let isWanted = draft.requirements.contains { $0.keys.contains(key.publicKey) }
      if isWanted || isStrict { try publishing { () throws(PublishingError) in try draft.sign(with: key) } }
    }
    if draft.isComplete, let store {
      _ = try publishing { () throws(PublishingError) in try store.install(draft.envelope) }
      session.console.output.line(
        "\(store.name)/\(StorePath.trust(version: draft.file.version)): trust version \(draft.file.version), epoch "
          + "\(draft.file.epoch), expires \(draft.file.expires)")
      return .done
    }
    return try keep(draft)
  }

  private func keep(_ draft: TrustDraft) throws(CommandError) -> CommandStatus {
    guard let out else {
      throw CommandError(
        status: .findings, message: "trust version \(draft.file.version) lacks signatures; nothing was written",
        help: draft.missing + ["keep it in a file for the others to sign: --out FILE"])
    }
    do throws(FileError) {
      try FileSystem.create(session.console.absolute(out), draft.envelope.bytes)
    } catch {
      throw error.asCommandError
    }
    session.console.output.line(
      "\(out): a draft of trust version \(draft.file.version)"
        + (draft.isComplete ? ", signed by enough keys" : ", which lacks signatures:"))
    for line in draft.missing { session.console.output.line("  " + line) }
    if draft.isComplete {
      session.summary("next: ensign trust sign \(out) --store DIR puts it into the store")
    } else {
      session.summary("next: ensign trust sign \(out) --key FILE, with a key of each")
    }
    return .done
  }
}
