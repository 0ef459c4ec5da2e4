/// `ensign version`.
struct VersionCommand: CommandBody {
  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    session.console.output.line("ensign \(Program.version)")
    return .done
  }
}

extension Command {
  static let version = Command(
    "version", VersionCommand(), group: .about, summary: "Show the version.",
    examples: [("version", "such as ensign \(Program.version)")])
}
