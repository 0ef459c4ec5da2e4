import Testing

@testable import ensign

@Suite("Help, version and completion")
struct HelpTests {
  @Test("the help of a command is as recorded", arguments: Command.all.filter { !$0.isHidden })
  func help(_ command: Command) throws {
    let words = command.name.split(separator: " ").map(String.init)
    let outcome = run(["help"] + words)
    #expect(outcome.status == 0)
    #expect(outcome.messages == "")
    expectSame(run(words + ["--help"]).output, outcome.output)
    for line in outcome.output.split(separator: "\n") where line.first != " " { #expect(line.count <= Help.width) }
    try expectRecorded(outcome.output, "help/\(words.joined(separator: "-")).txt")
  }

  @Test("the overview lists every command")
  func overview() throws {
    let outcome = ensign("help")
    #expect(outcome.status == 0)
    for command in Command.all where !command.isHidden { #expect(outcome.output.contains("\n  \(command.name) ")) }
    try expectRecorded(outcome.output, "help/overview.txt")
    let bare = ensign()
    #expect(bare.status == 2)
    #expect(bare.output == "")
    #expect(bare.messages == outcome.output)
  }

  @Test("the version is one line", arguments: ["version", "--version"])
  func version(_ word: String) {
    let outcome = ensign(word)
    #expect(outcome.status == 0)
    #expect(outcome.output == "ensign \(Program.version)\n")
  }

  @Test("an unknown topic is refused with the nearest")
  func unknownTopic() {
    let outcome = ensign("help", "complation")
    #expect(outcome.status == 2)
    #expect(outcome.messages.contains("did you mean 'completion'?"))
  }

  @Test("errors are messages, not results, and coloured only where asked")
  func errors() {
    let plain = ensign("completion", "bahs")
    #expect(plain.status == 2)
    #expect(plain.output == "")
    #expect(plain.messages == "ensign: error: unknown SHELL 'bahs'\n  help: did you mean 'bash'?\n")
    #expect(
      ensign("completion", "bahs", "--color", "always").messages.hasPrefix("ensign: \u{1B}[1;31merror\u{1B}[0m: "))
    #expect(ensign("completion", "bahs", "--color", "always", variables: ["NO_COLOR": "1"]).messages.contains("\u{1B}"))
  }
}
