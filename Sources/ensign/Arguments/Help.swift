/// The help texts, made from the declarations.
enum Help {
  /// Columns of a line of help.
  static let width = 100

  /// What `ensign help` says.
  static func overview(of commands: [Command]) -> String {
    var text = "Signed feature flags from Git.\n\nusage: ensign COMMAND [options]\n"
    for group in Command.Group.allCases {
      let members = commands.filter { $0.group == group && !$0.isHidden }
      if members.isEmpty { continue }
      text += "\n\(group.rawValue):\n"
      text += table(
        members.map { ([$0.name] + $0.operands.map(\.usage)).joined(separator: " ") }, members.map(\.summary))
    }
    text += "\nglobal options:\n" + table(GlobalOptions.declarations.map(\.option))
    text += "\n'ensign help COMMAND' tells more about a command.\n"
    return text
  }

  /// What `ensign help COMMAND` says.
  static func text(of command: Command) -> String {
    var text = command.summary + "\n\nusage: \(command.usage)\n"
    for paragraph in command.discussion.paragraphs {
      text += "\n" + wrap(paragraph, width: width).joined(separator: "\n") + "\n"
    }
    if !command.operands.isEmpty {
      text += "\noperands:\n" + table(command.operands.map(\.name), command.operands.map(\.help))
    }
    for category in Option.Category.allCases {
      let options = (command.options + command.globalOptions).filter { $0.category == category }
      if !options.isEmpty { text += "\n\(category.rawValue):\n" + table(options) }
    }
    if !command.examples.isEmpty {
      text += "\nexamples:\n"
      text += table(command.examples.map { "ensign " + $0.arguments }, command.examples.map(\.meaning))
    }
    return text
  }

  private static func table(_ options: [Option]) -> String {
    table(options.map(\.usage), options.map(\.help))
  }

  /// Two columns.
  ///
  /// A left cell that is too wide stands on a line of its own.
  private static func table(_ left: [String], _ right: [String]) -> String {
    let widest = left.map(\.unicodeScalars.count).filter { $0 <= 30 }.max() ?? 0
    let indent = String(repeating: " ", count: widest + 4)
    var text = ""
    for (name, help) in zip(left, right) {
      let lines = wrap(help, width: width - indent.count)
      let padding = widest - name.unicodeScalars.count
      if padding >= 0 {
        text += "  " + name + String(repeating: " ", count: padding) + "  " + (lines.first ?? "") + "\n"
      } else {
        text += "  " + name + "\n" + indent + (lines.first ?? "") + "\n"
      }
      for line in lines.dropFirst() { text += indent + line + "\n" }
    }
    return text
  }

  /// Breaks at spaces.
  ///
  /// Lines that start with a space are kept as they are.
  static func wrap(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard !line.hasPrefix(" ") else {
        lines.append(String(line))
        continue
      }
      var current = ""
      for word in line.split(separator: " ") {
        if !current.isEmpty, current.unicodeScalars.count + 1 + word.unicodeScalars.count > width {
          lines.append(current)
          current = ""
        }
        current += (current.isEmpty ? "" : " ") + word
      }
      lines.append(current)
    }
    return lines
  }
}

extension Option {
  /// The option in a list: `-e, --environment NAME`.
  var usage: String {
    let short = self.short.map { "-\($0), " } ?? "    "
    return short + "--" + name + (valueName.map { " " + $0 } ?? "")
  }
}

extension Command {
  /// The global options as this command takes them: `--format` with the command's own formats, or not at all;
  /// `--no-pager` where there is one.
  var globalOptions: [Option] {
    GlobalOptions.declarations.compactMap { declaration in
      let option = declaration.option
      if option.name == "no-pager" { return isPaged ? option : nil }
      guard option.name == "format" else { return option }
      guard let first = formats.first else { return nil }
      return Option(
        name: option.name, short: option.short, value: .choice(name: "FORMAT", words: formats.map(\.rawValue)),
        isRepeatable: false, category: option.category, help: "the form of the results (default: \(first.rawValue))")
    }
  }
}

extension String {
  /// The parts between empty lines.
  var paragraphs: [String] {
    var paragraphs: [[Substring]] = [[]]
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      if !line.isEmpty {
        paragraphs[paragraphs.count - 1].append(line)
      } else if paragraphs.last?.isEmpty == false {
        paragraphs.append([])
      }
    }
    return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
  }
}
