/// The completion script for zsh.
enum ZshCompletion {
  static func script(for commands: [Command]) -> String {
    """
    #compdef ensign
    # Completion of ensign for zsh, made by 'ensign completion zsh'.

    # Offers names of the tree at hand: flags, segments, environments, …
    _ensign_names() { compadd -- ${(f)"$("${words[1]}" "${tree[@]}" \(CompletionTable.namesCommand) "$1" 2>/dev/null)"} }

    _ensign() {
      local current="${words[CURRENT]}" previous="${words[CURRENT-1]}" command=""
      local -a tree options
      integer index=2
      while (( index < CURRENT )); do
        case "${words[index]}" in
          (--flags=*) tree=("${words[index]}") ;;
          (\(CompletionTable.optionsWithValue(commands).joined(separator: "|")))
            [[ "${words[index]}" == --flags ]] && tree=(--flags "${words[index+1]}")
            (( index += 1 )) ;;
          (-*) ;;
          (*)
            case "$command" in
              (\((["\"\""] + CompletionTable.families(commands)).joined(separator: "|")))
                command="${command:+$command }${words[index]}" ;;
            esac ;;
        esac
        (( index += 1 ))
      done
      if [[ "$current" == --*=* ]]; then
        previous="${current%%=*}"
        compset -P '*='
      fi
      case "$command:$previous" in
    \(values(commands))
      esac
      if [[ "$current" == -* ]]; then
        case "$command" in
    \(options(commands))
        esac
        _describe -o option options
      else
        case "$command" in
    \(operands(commands))
        esac
      fi
    }

    # Loaded by zsh for its first use, this file is the function; sourced, it declares it.
    if [[ "${funcstack[1]}" == _ensign ]]; then
      _ensign "$@"
    else
      compdef _ensign ensign
    fi

    """
  }

  private static func values(_ commands: [Command]) -> String {
    CompletionTable.values(commands).map { entry in
      let patterns = entry.spellings.map { "\(entry.command.map(quoted) ?? "*"):\($0)" }
      return "    (\(patterns.joined(separator: "|"))) \(reply(entry.source)); return ;;"
    }.joined(separator: "\n")
  }

  private static func options(_ commands: [Command]) -> String {
    let lines = commands.map { "      (\(quoted($0.name))) options=(\(described($0.options + $0.globalOptions))) ;;" }
    let global = described(GlobalOptions.declarations.map(\.option))
    return (lines + ["      (*) options=(\(global)) ;;"]).joined(separator: "\n")
  }

  private static func described(_ options: [Option]) -> String {
    options.map { quoted("--\($0.name):\($0.help)") }.joined(separator: " ")
  }

  private static func operands(_ commands: [Command]) -> String {
    CompletionTable.operands(commands).map { "      (\(quoted($0.command))) \(reply($0.source)) ;;" }
      .joined(separator: "\n")
  }

  private static func reply(_ source: CompletionTable.Source) -> String {
    switch source {
    case .nothing: ":"
    case .words(let words): "compadd -- \(words.joined(separator: " "))"
    case .names(let kind): "_ensign_names \(kind)"
    case .files: "_files"
    case .folders: "_files -/"
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
