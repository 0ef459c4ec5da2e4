/// `ensign help [COMMAND…]`.
struct HelpCommand: CommandBody {
  var asMarkdown = false

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let output = session.console.output
    if asMarkdown {
      output.write(Reference.page(of: Command.all))
      return .done
    }
    let name = operands.joined(separator: " ")
    if name.isEmpty {
      output.write(Help.overview(of: Command.all))
      return .done
    }
    let named = Command.all.filter { $0.name == name || $0.name.hasPrefix(name + " ") }
    if named.isEmpty {
      throw .unknown("command", name, among: Command.all.filter { !$0.isHidden }.map(\.name))
    }
    output.write(named.map(Help.text).joined(separator: "\n"))
    return .done
  }
}

extension Command {
  static let help = Command(
    "help", HelpCommand(), group: .about, summary: "Show the help of ensign or of a command.",
    operands: [
      CommandOperand("COMMAND", .any, completion: .commands, help: "the command; without it, the list of commands")
    ],
    options: [.flag("markdown", \.asMarkdown, help: "the reference of all commands, as Markdown")],
    examples: [("help eval", "the help of eval"), ("eval --help", "the same")])
}
