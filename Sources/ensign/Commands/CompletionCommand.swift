/// `ensign completion SHELL`.
struct CompletionCommand: CommandBody {
  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let commands = Command.all.filter { !$0.isHidden }
    switch operands.first {
    case "bash": session.console.output.write(BashCompletion.script(for: commands))
    case "zsh": session.console.output.write(ZshCompletion.script(for: commands))
    case "fish": session.console.output.write(FishCompletion.script(for: commands))
    default: throw .usage("no such shell")
    }
    return .done
  }
}

extension Command {
  static let completion = Command(
    "completion", CompletionCommand(), group: .about, summary: "Print a script that completes ensign's command lines.",
    discussion: """
      The script completes commands, options and their values, and asks ensign for the flags, segments and environments \
      of the tree at hand.

      Set it up once:
        bash: ensign completion bash > ~/.local/share/bash-completion/completions/ensign
        zsh:  ensign completion zsh > a folder of $fpath, as _ensign
        fish: ensign completion fish > ~/.config/fish/completions/ensign.fish
      """,
    operands: [CommandOperand("SHELL", words: ["bash", "zsh", "fish"], help: "bash, zsh or fish")],
    examples: [("completion bash", "the script for bash")])
}
