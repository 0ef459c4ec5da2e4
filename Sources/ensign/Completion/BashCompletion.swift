/// The completion script for bash.
enum BashCompletion {
  static func script(for commands: [Command]) -> String {
    """
    # Completion of ensign for bash, made by 'ensign completion bash'.

    # Prints names of the tree at hand: flags, segments, environments, …
    _ensign_names() { "${COMP_WORDS[0]}" "${tree[@]}" \(CompletionTable.namesCommand) "$1" 2>/dev/null; }

    _ensign() {
      local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}" command="" index=1
      local -a tree=()
      COMPREPLY=()
      # bash takes '--option=value' for three words.
      if [[ $current == "=" ]]; then
        current=""
      elif [[ $previous == "=" ]]; then
        previous="${COMP_WORDS[COMP_CWORD - 2]}"
      fi
      while ((index < COMP_CWORD)); do
        case "${COMP_WORDS[index]}" in
          \(CompletionTable.optionsWithValue(commands).joined(separator: "|")))
            local option="${COMP_WORDS[index]}"
            [[ ${COMP_WORDS[index + 1]} == "=" ]] && ((index += 1))
            ((index += 1))
            [[ $option == --flags ]] && tree=(--flags "${COMP_WORDS[index]}") ;;
          -* | "=") ;;
          *)
            case "$command" in
              \((["\"\""] + CompletionTable.families(commands)).joined(separator: " | ")))
                command="${command:+$command }${COMP_WORDS[index]}" ;;
            esac ;;
        esac
        ((index += 1))
      done
      case "$command:$previous" in
    \(values(commands))
      esac
      if [[ $current == -* ]]; then
        case "$command" in
    \(options(commands))
        esac
      else
        case "$command" in
    \(operands(commands))
        esac
      fi
    }

    complete -F _ensign ensign

    """
  }

  private static func values(_ commands: [Command]) -> String {
    CompletionTable.values(commands).map { entry in
      let patterns = entry.spellings.map { "\(entry.command.map { "\"\($0)\"" } ?? "*"):\($0)" }
      return "    \(patterns.joined(separator: " | "))) \(reply(entry.source)); return ;;"
    }.joined(separator: "\n")
  }

  private static func options(_ commands: [Command]) -> String {
    let global = GlobalOptions.declarations.map { "--" + $0.option.name }
    let lines = commands.map { command in
      let names = (command.options + command.globalOptions).map { "--" + $0.name }
      return "      \"\(command.name)\") \(reply(.words(names))) ;;"
    }
    return (lines + ["      *) \(reply(.words(global))) ;;"]).joined(separator: "\n")
  }

  private static func operands(_ commands: [Command]) -> String {
    CompletionTable.operands(commands).map { "      \"\($0.command)\") \(reply($0.source)) ;;" }
      .joined(separator: "\n")
  }

  private static func reply(_ source: CompletionTable.Source) -> String {
    switch source {
    case .nothing: ":"
    case .words(let words): "mapfile -t COMPREPLY < <(compgen -W \"\(words.joined(separator: " "))\" -- \"$current\")"
    case .names(let kind): "mapfile -t COMPREPLY < <(compgen -W \"$(_ensign_names \(kind))\" -- \"$current\")"
    case .files: "mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); compopt -o filenames 2>/dev/null"
    case .folders: "mapfile -t COMPREPLY < <(compgen -d -- \"$current\"); compopt -o filenames 2>/dev/null"
    }
  }
}
