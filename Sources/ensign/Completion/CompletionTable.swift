/// What the completion scripts of all shells are made from.
enum CompletionTable {
  /// The hidden command that the scripts ask for names.
  static let namesCommand = "__complete"

  /// Where the words that may stand in a place come from.
  enum Source: Hashable {
    case nothing
    case words([String])
    /// Names that `ensign __complete` prints.
    case names(String)
    case files
    case folders
  }

  /// The first words of commands that have two.
  static func families(_ commands: [Command]) -> [String] {
    var families: [String] = []
    for command in commands {
      let words = command.name.split(separator: " ").map(String.init)
      if words.count == 2, !families.contains(words[0]) { families.append(words[0]) }
    }
    return families
  }

  /// Every spelling of every option that takes a value.
  static func optionsWithValue(_ commands: [Command]) -> [String] {
    var spellings: [String] = []
    for option in GlobalOptions.declarations.map(\.option) + commands.flatMap(\.options) where option.takesValue {
      for spelling in option.spellings where !spellings.contains(spelling) { spellings.append(spelling) }
    }
    return spellings
  }

  /// The values of each option; the command is nil for the global ones.
  static func values(_ commands: [Command]) -> [(command: String?, spellings: [String], source: Source)] {
    var entries: [(command: String?, spellings: [String], source: Source)] = []
    for command in commands {
      let format = command.globalOptions.filter { $0.name == "format" }
      for option in command.options + format where option.takesValue {
        entries.append((command.name, option.spellings, option.source(commands)))
      }
    }
    for option in GlobalOptions.declarations.map(\.option) where option.takesValue {
      entries.append((nil, option.spellings, option.source(commands)))
    }
    return entries
  }

  /// What may stand after each command that is not an option; first after none at all.
  static func operands(_ commands: [Command]) -> [(command: String, source: Source)] {
    var first: [String] = []
    for command in commands {
      let word = String(command.name.prefix { $0 != " " })
      if !first.contains(word) { first.append(word) }
    }
    let seconds = families(commands).map { family in
      let members = commands.map(\.name).filter { $0.hasPrefix(family + " ") }
      return (family, Source.words(members.map { String($0.dropFirst(family.count + 1)) }))
    }
    let own = commands.compactMap { command in
      command.operands.first.map { (command.name, $0.source(commands)) }
    }
    return [("", .words(first))] + seconds + own
  }
}

extension Option {
  /// `--name` and `-n`.
  var spellings: [String] { ["--" + name] + (short.map { ["-\($0)"] } ?? []) }

  func source(_ commands: [Command]) -> CompletionTable.Source {
    switch value {
    case .none: .nothing
    case .choice(_, let words): .words(words)
    case .text(_, let completion): completion.source(commands)
    }
  }
}

extension CommandOperand {
  func source(_ commands: [Command]) -> CompletionTable.Source {
    words.isEmpty ? completion.source(commands) : .words(words)
  }
}

extension Option.Completion {
  func source(_ commands: [Command]) -> CompletionTable.Source {
    switch self {
    case .none: .nothing
    case .file: .files
    case .folder: .folders
    case .commands: .words(commands.map(\.name).filter { !$0.contains(" ") } + CompletionTable.families(commands))
    case .environments, .flags, .segments, .owners, .tags, .rules: .names(rawValue)
    }
  }
}
