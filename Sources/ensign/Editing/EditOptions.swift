/// What all commands that edit files of a flags tree can be told.
struct EditOptions: Sendable {
  /// Show the change and write nothing.
  var isDryRun = false
  /// Commit what was edited, and nothing else.
  var commits = false
  /// Why, for the commit's message.
  var reason: String?
  /// Commit although there are hooks, which are not run.
  var skipsHooks = false
  /// Commit without a signature although the settings ask for one.
  var isUnsigned = false
}

/// A command that edits files of a flags tree.
protocol EditingBody: CommandBody {
  var editing: EditOptions { get set }
}

extension EditOptions {
  /// The options of a command that edits.
  ///
  /// - Parameter alwaysCommits: leaves `--commit` and `--dry-run` out.
  static func declarations<Body: EditingBody>(for _: Body.Type, alwaysCommits: Bool = false) -> [OptionDeclaration<
    Body
  >] {
    let own: [OptionDeclaration<Body>] =
      alwaysCommits
      ? []
      : [
        .flag("commit", \.editing.commits, help: "commit what was edited, and nothing else, as yourself"),
        .value("reason", "TEXT", \.editing.reason, help: "why, for the commit's message"),
      ]
    return own + [
      .flag("dry-run", \.editing.isDryRun, help: "show the difference and write nothing"),
      .flag(
        "no-verify", \.editing.skipsHooks,
        help: "commit although there are hooks (pre-commit, commit-msg), which are not run"),
      .flag(
        "no-gpg-sign", \.editing.isUnsigned, help: "commit without a signature although commit.gpgSign asks for one"),
    ]
  }

  /// Refuses options that only a commit has a use for.
  func check() throws(CommandError) {
    guard !commits else { return }
    if reason != nil { throw .usage("--reason goes into the message of a commit; add --commit") }
    if skipsHooks { throw .usage("--no-verify is about a commit; add --commit") }
    if isUnsigned { throw .usage("--no-gpg-sign is about a commit; add --commit") }
  }
}
