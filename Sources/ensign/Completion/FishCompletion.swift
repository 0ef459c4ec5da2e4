/// The completion script for fish.
enum FishCompletion {
  static func script(for commands: [Command]) -> String {
    var lines = ["# Completion of ensign for fish, made by 'ensign completion fish'.", "complete -c ensign -f"]
    for option in GlobalOptions.declarations.map(\.option) where option.name != "format" {
      lines.append(line(condition: nil, option, commands))
    }
    for entry in CompletionTable.operands(commands) {
      guard let arguments = arguments(entry.source) else { continue }
      lines.append("complete -c ensign -n \(quoted(condition(entry.command, commands))) \(arguments)")
    }
    for command in commands {
      let format = command.globalOptions.filter { $0.name == "format" }
      for option in command.options + format {
        lines.append(line(condition: condition(command.name, commands), option, commands))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// True where the words so far name the command; a family only as long as its second word is missing.
  private static func condition(_ name: String, _ commands: [Command]) -> String {
    if name.isEmpty { return "__fish_use_subcommand" }
    let words = name.split(separator: " ")
    let seen = words.map { "__fish_seen_subcommand_from \($0)" }.joined(separator: "; and ")
    let members = commands.map(\.name).filter { $0.hasPrefix(name + " ") }.map { $0.dropFirst(name.count + 1) }
    return members.isEmpty ? seen : seen + "; and not __fish_seen_subcommand_from " + members.joined(separator: " ")
  }

  private static func line(condition: String?, _ option: Option, _ commands: [Command]) -> String {
    var parts = ["complete -c ensign"]
    if let condition { parts.append("-n \(quoted(condition))") }
    parts.append("-l \(option.name)")
    if let short = option.short { parts.append("-s \(short)") }
    let source = option.source(commands)
    if option.takesValue { parts.append(source == .files ? "-r" : "-x") }
    if let arguments = arguments(source) { parts.append(arguments) }
    parts.append("-d \(quoted(option.help))")
    return parts.joined(separator: " ")
  }

  private static func arguments(_ source: CompletionTable.Source) -> String? {
    switch source {
    case .nothing: nil
    case .words(let words): "-a \(quoted(words.joined(separator: " ")))"
    case .names(let kind): "-a '(ensign \(CompletionTable.namesCommand) \(kind) 2>/dev/null)'"
    case .files: "-F"
    case .folders: "-a '(__fish_complete_directories)'"
    }
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
    return "'" + escaped.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'") + "'"
  }
}
