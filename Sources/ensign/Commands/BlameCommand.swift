internal import Ensign
internal import FlagHistory
internal import FlagSource
internal import Git

/// `ensign blame FLAG`.
struct BlameCommand: CommandBody {
  var environment: String?
  var revision: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let flag = operands[0]
    guard let environment else { throw .usage("blame needs an --environment: a flag has other settings in each") }
    let found = try FoundRepository(in: session)
    let id = try found.resolve(revision ?? "HEAD")
    let explorer = found.explorer()
    do throws(GitError) {
      switch try FlagBlame(of: flag, in: environment, explorer).trace(from: id) {
      case .lines(let lines):
        let sheet = BlameSheet(flag: flag, environment: environment, lines: lines)
        session.console.output.write(session.format == .json ? sheet.document() : Array(sheet.text(session.style).utf8))
        if let cutOff = lines.first(where: \.isCutOff)?.commit {
          session.console.message(
            "ensign: \(session.messageStyle.yellow("warning")): the history is cut off at \(cutOff.id) (a shallow clone); "
              + "what it is blamed for may be older. Fetch the rest with 'git fetch --unshallow'.")
        }
        return .done
      case .unreadable(let problem):
        session.console.message(
          "ensign: \(session.messageStyle.red("error")): '\(flag)' cannot be read in the newest commit: \(problem)")
        return .findings
      case .absent:
        report(try explorer.names(in: id), flag, environment, session)
        return .findings
      }
    } catch {
      throw .git(error)
    }
  }

  private func report(_ names: TreeExplorer.Names, _ flag: String, _ environment: String, _ session: Session) {
    let error =
      !names.environments.contains(environment)
      ? CommandError.unknown("environment", environment, among: names.environments)
      : !names.flags.contains(flag)
        ? .unknown("flag", flag, among: names.flags)
        : .refused(
          "the newest commit has no living flag '\(flag)'", help: "see 'ensign log \(flag)' for what happened to it")
    session.console.message("ensign: \(session.messageStyle.red("error")): \(error.message)")
    for help in error.help { session.console.message("  \(session.messageStyle.cyan("help")): \(help)") }
  }
}

extension Command {
  static let blame = Command(
    "blame", BlameCommand(), group: .history, summary: "Tell for every setting of a flag the commit that made it.",
    discussion: """
      The settings are those that count after compiling, in one environment: whether the flag is enabled, its targets, \
      each rule's condition, share and serve, the order of the rules, otherwise, and what its definition says. Layout, \
      comments and moved files do not change who set them.
      """,
    operands: [CommandOperand("FLAG", completion: .flags, help: "the flag's key")],
    options: [
      .value("environment", short: "e", "NAME", completion: .environments, \.environment, help: "the environment"),
      .value("rev", "REV", \.revision, help: "the newest commit to look at (default: HEAD)"),
    ],
    formats: [.text, .json], json: BlameSheet.fields,
    examples: [("blame checkout-v2 --environment production", "who set what")], isPaged: true)
}
