internal import Ensign
internal import FlagPublisher
internal import FlagSource
internal import Git

/// `ensign kill FLAG`: the emergency path.
struct KillCommand: EditingBody {
  var environment: String?
  var publisher = PublisherArguments()
  var editing = EditOptions()

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let flag = try FlagOperand(operands[0], environment: environment, in: session)
    guard let reason = editing.reason, reason.contains(where: { !$0.isWhitespace }) else {
      throw .usage("kill needs to know why, for the commit's message: --reason TEXT")
    }
    var options = editing
    options.commits = true
    if publisher.store == nil, publisher != PublisherArguments() {
      throw .usage("keys and the like are for publishing; add --publish STORE")
    }
    // Before anything is committed: a wrong key or a wrong store should not be found out half way.
    let opened = try publisher.store.map { _ throws(CommandError) in try publisher.publisher(in: session) }
    let outcome = try CommittedEdit(options, in: session).run { (tree, _) throws(CommandError) in
      try SwitchCommand.plan(false, flag, in: tree)
    }
    var sheet = EditSheet(result: outcome.result, options: options)
    if let opened, !options.isDryRun { sheet.published = try publish(outcome, flag, by: opened, in: session) }
    sheet.write(in: session)
    return .done
  }

  /// Publishes the commit; or the one that disabled the flag before, when nothing was to do.
  private func publish(
    _ outcome: CommittedEdit.Outcome, _ flag: FlagOperand, by publisher: Publisher, in session: Session
  ) throws(CommandError) -> [PublishedManifest] {
    let found = try FoundRepository(in: session)
    do throws(CommandError) {
      let commit = try publishing { () throws(PublishingError) in
        try PublishedCommit(outcome.tip.commit.description, reference: outcome.tip.name, in: found.repository)
      }
      return try outcome.source.publish(
        [flag.environment], of: commit, by: publisher, from: found.repository, in: session)
    } catch {
      let store = self.publisher.store ?? ""
      throw CommandError(
        status: error.status,
        message: "\(flag.flag) is disabled in the commit \(outcome.tip.commit.description.prefix(12)) on "
          + "\(outcome.tip.name), but that is not published: \(error.message)",
        help: error.help + [
          "then run: ensign publish --environment \(flag.environment) --store \(store) --key FILE "
            + "--rev \(outcome.tip.commit) --ref \(outcome.tip.name)"
        ])
    }
  }
}

extension Command {
  static let kill = Command(
    "kill", KillCommand(), group: .edit, summary: "Disable a flag, commit that, and publish it.",
    discussion: """
      The emergency path, in one command: the flag gets `enabled: false` on top of the newest commit of the branch, \
      which is committed with your name and the reason. With --publish the commit is compiled, signed and published as \
      'ensign publish' does it, for this environment only. Nothing else is touched: what else is changed, staged or not, \
      stays as it is and out of the commit.

      The keys and the store are tried before anything is written. When publishing fails all the same, the commit is \
      there, and the error says what to run next. A flag that is disabled already is published all the same.

      The commit is not pushed; do that next.
      """,
    operands: [CommandOperand("FLAG", completion: .flags, help: "the flag's key")],
    options: [
      .value("environment", short: "e", "NAME", completion: .environments, \.environment, help: "where"),
      .value("reason", "TEXT", \.editing.reason, help: "why, for the commit's message; required"),
      .value(
        "publish", "STORE", completion: .folder, \.publisher.store,
        help: "the folder or the address of the store to publish to"),
      .values(
        "key", short: "k", "FILE", completion: .file, \.publisher.keys,
        help: "a secret publish key; repeatable (default: the variable ENSIGN_KEY)"),
      .value(
        "expires-in", "TIME", \.publisher.expiresIn, help: "when clients call the snapshot stale (default: 7d)"),
      .value(
        "trust", "FILE", completion: .file, \.publisher.trust,
        help: "the trust file to begin with (default: the store's first)"),
      .value(
        "passphrase-file", "FILE", completion: .file, \.publisher.passphraseFile,
        help: "a file whose first line is the passphrase of the keys"),
      ServerToken.option(\.publisher.tokenFile),
    ] + EditOptions.declarations(for: KillCommand.self, alwaysCommits: true),
    formats: [.text, .json], json: EditSheet.fields + EditSheet.publishedFields,
    examples: [
      ("kill holiday-banner -e production --reason \"checkout times out\"", "as a commit"),
      (
        "kill holiday-banner -e production --reason \"checkout times out\" --publish store --key ci.key",
        "and to the services at once"
      ),
    ])
}
