import Testing

@testable import ensign

@Suite("The declarations of commands and options")
struct DeclarationTests {
  @Test("name each command once, in one or two words")
  func commandNames() {
    let names = Command.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.count >= 3)
    #expect(names == Command.index.names)
    for name in names {
      #expect((1...2).contains(name.split(separator: " ").count))
      // A command may not be the first word of another one: the second word would be ambiguous with an operand.
      #expect(!names.contains { $0.hasPrefix(name + " ") })
    }
  }

  @Test("name each option once for each command", arguments: Command.all)
  func optionNames(_ command: Command) {
    let options = command.options + GlobalOptions.declarations.map(\.option)
    #expect(Set(options.map(\.name)).count == options.count)
    let shorts = options.compactMap(\.short)
    #expect(Set(shorts).count == shorts.count)
  }

  @Test("give an option the same nature in every command, because completion reads words before it knows the command")
  func optionNature() {
    var takesValue: [String: Bool] = [:]
    for option in GlobalOptions.declarations.map(\.option) + Command.all.flatMap(\.options) {
      for spelling in option.spellings {
        #expect(
          takesValue.updateValue(option.takesValue, forKey: spelling) ?? option.takesValue == option.takesValue,
          "\(spelling)")
      }
    }
  }

  @Test("are written in one style", arguments: Command.all)
  func style(_ command: Command) {
    #expect(command.summary.hasSuffix("."))
    #expect(command.summary.first?.isUppercase == true)
    #expect(command.summary.count <= 80)
    for help in command.options.map(\.help) + command.operands.map(\.help) + command.json.map(\.meaning) {
      #expect(!help.hasSuffix("."))
      #expect(help.first?.isUppercase == false || help.hasPrefix("JSON") || help.hasPrefix("SHA"))
    }
    #expect(command.formats.contains(.json) == !command.json.isEmpty)
    if !command.isHidden { #expect(!command.examples.isEmpty) }
  }

  @Test("have operands in an order that can be told apart", arguments: Command.all)
  func operandOrder(_ command: Command) {
    for operand in command.operands.dropLast() { #expect(operand.count == .one) }
  }

  @Test("make the reference page, which is up to date")
  func reference() throws {
    let path = repositoryFolder + "Sources/Ensign/Ensign.docc/CommandLine.md"
    let page = (try? FileSystem.read(path, limit: 1 << 22)).map { String(decoding: $0, as: UTF8.self) }
    #expect(page == Reference.page(of: Command.all), "the page is stale; write it anew: \(Reference.recipe)")
  }
}

extension Command: CustomTestStringConvertible {
  /// The name.
  public var testDescription: String { name }
}
