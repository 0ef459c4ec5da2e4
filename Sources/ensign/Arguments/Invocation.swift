internal import FlagSource

/// What the words of a command line say; nothing is looked up on disk yet.
struct Invocation {
  fileprivate(set) var globals = GlobalOptions()
  /// Nil when no command was named.
  fileprivate(set) var command: Command?
  /// The command's options as ``Command/run(_:_:in:)`` takes them.
  fileprivate(set) var settings: [(option: Int, text: String?)] = []
  fileprivate(set) var operands: [String] = []
  /// What is wrong with the words.
  ///
  /// `--help` and `--version` are answered all the same.
  fileprivate(set) var error: CommandError?

  /// Reads the words after the program's name.
  init(_ words: [String], commands: CommandIndex) {
    var parser = ArgumentParser(words: words, commands: commands)
    parser.parse()
    self = parser.invocation
  }

  fileprivate init() {}
}

/// Reads words from left to right.
///
/// The first mistake is kept and reading goes on, so that `--help` is seen anywhere.
private struct ArgumentParser {
  let words: [String]
  let commands: CommandIndex
  var invocation = Invocation()
  private var next = 0
  /// The options of the command, once it is known.
  private var own: [Option] = []
  /// The first word of a command that has two.
  private var family: String?
  /// What follows an unknown command is not judged.
  private var commandIsUnknown = false

  init(words: [String], commands: CommandIndex) {
    self.words = words
    self.commands = commands
  }

  mutating func parse() {
    while next < words.count {
      let word = words[next]
      next += 1
      if word == "--" {
        for rest in words[next...] { takeOperand(rest) }
        break
      } else if Self.isLongOption(word) {
        takeLongOption(word.utf8.dropFirst(2))
      } else if word.utf8.first == UInt8(ascii: "-"), word.utf8.count > 1 {
        takeShortOptions(Substring(word.utf8.dropFirst()))
      } else {
        takeOperand(word)
      }
    }
    if let family, invocation.command == nil {
      let members = commands.words(after: family).joined(separator: ", ")
      fail(.usage("'\(family)' needs to be told what: \(members)"))
    }
    checkOperands()
    checkFormat()
  }

  private mutating func fail(_ error: CommandError) {
    if invocation.error == nil { invocation.error = error }
  }

  // MARK: Options

  /// An option that is known in this place.
  private enum Known {
    case global(Int)
    case own(Int)
  }

  private func option(_ known: Known) -> Option {
    switch known {
    case .global(let index): GlobalOptions.declarations[index].option
    case .own(let index): own[index]
    }
  }

  private func find(where matches: (Option) -> Bool) -> Known? {
    if let index = own.firstIndex(where: matches) { return .own(index) }
    return GlobalOptions.declarations.firstIndex { matches($0.option) }.map(Known.global)
  }

  private static func isLongOption(_ word: String) -> Bool { word.utf8.starts(with: "--".utf8) }

  /// By bytes: a value may begin with whatever joins the sign before it to one character.
  private mutating func takeLongOption(_ text: Substring.UTF8View) {
    let equals = text.firstIndex(of: UInt8(ascii: "="))
    let name = String(decoding: text[..<(equals ?? text.endIndex)], as: UTF8.self)
    let value = equals.map { String(decoding: text[$0...].dropFirst(), as: UTF8.self) }
    guard let known = find(where: { $0.name == name }) else {
      return fail(unknownOption(name))
    }
    let option = option(known)
    if !option.takesValue {
      if let value { return fail(.usage("option --\(name) takes no value, but was given '\(value)'")) }
      set(known, option, nil)
    } else if let value = value ?? followingValue() {
      set(known, option, value)
    } else {
      fail(missingValue(option))
    }
  }

  private mutating func takeShortOptions(_ letters: Substring) {
    var letters = letters
    while let letter = letters.popFirst() {
      guard let known = find(where: { $0.short == letter }) else {
        return fail(unknownShortOption(letter))
      }
      let option = option(known)
      guard option.takesValue else {
        set(known, option, nil)
        continue
      }
      if letters.first == "=" { letters.removeFirst() }
      let attached = letters.isEmpty ? nil : String(letters)
      guard let value = attached ?? followingValue() else { return fail(missingValue(option)) }
      return set(known, option, value)
    }
  }

  /// The next word as a value, unless it is clearly an option: a forgotten value must not swallow it.
  private mutating func followingValue() -> String? {
    guard next < words.count else { return nil }
    let word = words[next]
    if word == "--" { return nil }
    if Self.isLongOption(word), find(where: { $0.name == word.dropFirst(2).prefix { $0 != "=" } }) != nil { return nil }
    next += 1
    return word
  }

  private mutating func set(_ known: Known, _ option: Option, _ text: String?) {
    if case .choice(_, let words) = option.value, let text, !words.contains(text) {
      return fail(.unknown("value for --\(option.name)", text, among: words))
    }
    switch known {
    case .global(let index):
      GlobalOptions.declarations[index].apply(&invocation.globals, text)
    case .own(let index):
      if !option.isRepeatable, invocation.settings.contains(where: { $0.option == index }) {
        return fail(.usage("option --\(option.name) is given twice; it takes one value"))
      }
      invocation.settings.append((index, text))
    }
  }

  private func missingValue(_ option: Option) -> CommandError {
    .usage("option --\(option.name) needs a value: --\(option.name) \(option.valueName ?? "")")
  }

  private func unknownOption(_ name: String) -> CommandError {
    let global = GlobalOptions.declarations.map(\.option.name)
    if let command = invocation.command {
      let known = own.map(\.name) + global
      guard let nearest = NearestName.find(name, among: known) else {
        return .usage("unknown option '--\(name)' of \(command.name)", help: "see 'ensign help \(command.name)'")
      }
      return .usage("unknown option '--\(name)' of \(command.name)", help: "did you mean '--\(nearest)'?")
    }
    let owners = commands.all.filter { command in command.options.contains { $0.name == name } }.map(\.name)
    if !owners.isEmpty {
      return .usage(
        "option --\(name) stands before the command",
        help: "write it after the command's name; it is an option of \(owners.joined(separator: ", "))")
    }
    guard let nearest = NearestName.find(name, among: global) else {
      return .usage("unknown option '--\(name)'", help: "see 'ensign help'")
    }
    return .usage("unknown option '--\(name)'", help: "did you mean '--\(nearest)'?")
  }

  private func unknownShortOption(_ letter: Character) -> CommandError {
    guard let command = invocation.command else {
      return .usage("unknown option '-\(letter)'", help: "see 'ensign help'")
    }
    return .usage("unknown option '-\(letter)' of \(command.name)", help: "see 'ensign help \(command.name)'")
  }

  // MARK: The command and its operands

  private mutating func takeOperand(_ word: String) {
    if invocation.command != nil { return invocation.operands.append(word) }
    if commandIsUnknown { return }
    let name = family.map { $0 + " " + word } ?? word
    if let command = commands.command(named: name) {
      invocation.command = command
      own = command.options
    } else if family == nil, !commands.words(after: word).isEmpty {
      family = word
    } else {
      commandIsUnknown = true
      fail(unknownCommand(name))
    }
  }

  private func unknownCommand(_ name: String) -> CommandError {
    let shown = commands.all.filter { !$0.isHidden }
    if let nearest = NearestName.find(name, among: shown.map(\.name) + CompletionTable.families(shown)) {
      return .usage("unknown command '\(name)'", help: "did you mean '\(nearest)'?")
    }
    guard let family else { return .usage("unknown command '\(name)'", help: "see 'ensign help' for the commands") }
    let members = commands.words(after: family).map { "'\(family) \($0)'" }.joined(separator: ", ")
    return .usage("unknown command '\(name)'", help: "there are \(members)")
  }

  private mutating func checkOperands() {
    guard let command = invocation.command else { return }
    let count = invocation.operands.count
    for (index, operand) in command.operands.enumerated() where operand.count == .one && index >= count {
      return fail(
        .usage("\(command.name) needs a \(operand.name): \(operand.help)", help: "usage: \(command.usage)"))
    }
    if command.operands.last?.count != .any, count > command.operands.count {
      let extra = invocation.operands[command.operands.count]
      return fail(.usage("\(command.name) does not take '\(extra)'", help: "usage: \(command.usage)"))
    }
    for (operand, word) in zip(command.operands, invocation.operands)
    where !operand.words.isEmpty && !operand.words.contains(word) {
      return fail(.unknown(operand.name, word, among: operand.words))
    }
  }

  private mutating func checkFormat() {
    guard let command = invocation.command, let format = invocation.globals.format else { return }
    if command.formats.isEmpty {
      fail(.usage("\(command.name) has one form of results; --format does not apply to it"))
    } else if !command.formats.contains(format) {
      let known = command.formats.map(\.rawValue).joined(separator: ", ")
      fail(.usage("\(command.name) has no format '\(format.rawValue)'", help: "its formats: \(known)"))
    }
  }
}

extension Command {
  /// The usage line: `ensign show [options] FLAG`.
  var usage: String {
    (["ensign", name, "[options]"] + operands.map(\.usage)).joined(separator: " ")
  }
}
