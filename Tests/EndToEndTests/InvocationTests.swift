import Testing

@testable import ensign

@Suite("The words of a command line")
struct InvocationTests {
  /// Commands that have every kind of option.
  struct Body: CommandBody {
    var environment: String?
    var contexts: [String] = []
    var isDry = false
    var all = false
    var color: ColorChoice?

    func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
      let values = [environment ?? "-", contexts.joined(separator: ";"), "\(isDry)", "\(all)", color?.rawValue ?? "-"]
      session.console.output.line((values + operands).joined(separator: " "))
      return .done
    }
  }

  static let commands = CommandIndex(declared.map { command in .init(command.name) { command } })

  private static let declared = [
    Command(
      "paint", Body(), group: .author, summary: "Paint.", operands: [CommandOperand("WALL", .any, help: "a wall")],
      options: [
        .value("environment", short: "e", "NAME", \.environment, help: "where"),
        .values("context", short: "c", "TEXT", \.contexts, help: "what"),
        .flag("dry", short: "d", \.isDry, help: "not really"),
        .flag("all", short: "a", \.all, help: "everything"),
        .choice("shade", "SHADE", \.color, help: "how"),
      ], formats: [.text, .json], json: []),
    Command("new wall", Body(), group: .author, summary: "Build.", operands: [CommandOperand("KEY", help: "its key")]),
    Command("new roof", Body(), group: .author, summary: "Build."),
  ]

  private func result(_ words: [String]) -> String {
    let invocation = Invocation(words, commands: Self.commands)
    if let error = invocation.error { return ([error.message] + error.help).joined(separator: " / ") }
    guard let command = invocation.command else { return "no command" }
    let console = Console(output: Output(), messages: Output(), input: -1, workingFolder: "/") { _ in nil }
    let session = Session(globals: invocation.globals, console: console, command: command)
    do throws(CommandError) {
      _ = try command.run(invocation.settings, invocation.operands, in: session)
    } catch { return error.message }
    return String(decoding: console.output.buffer.dropLast(), as: UTF8.self)
  }

  @Test(
    "are understood",
    arguments: [
      ("paint", "-  false false -"),
      ("paint --environment x", "x  false false -"),
      ("paint --environment=x=y", "x=y  false false -"),
      ("paint -e x", "x  false false -"),
      ("paint -ex", "x  false false -"),
      ("paint -e=x", "x  false false -"),
      ("paint -dae x north", "x  true true - north"),
      ("paint -da", "-  true true -"),
      ("paint --context a -c b -cc north", "- a;b;c false false - north"),
      ("paint --shade always", "-  false false always"),
      ("paint --environment -1", "-1  false false -"),
      ("paint --context - north", "- - false false - north"),
      ("paint north -- --environment -d", "-  false false - north --environment -d"),
      ("--color never --flags x paint --quiet north -v", "-  false false - north"),
      ("new wall w", "-  false false - w"),
      ("new roof", "-  false false -"),
    ])
  func understands(_ line: String, _ expected: String) {
    #expect(result(line.split(separator: " ").map(String.init)) == expected)
  }

  @Test("have values that may be empty or contain anything")
  func oddValues() {
    #expect(result(["paint", "--environment", ""]) == "  false false -")
    #expect(result(["paint", "--environment="]) == "  false false -")
    #expect(result(["paint", "-e", "a b\n"]) == "a b\n  false false -")
    // An accent joins the sign before it to one character.
    #expect(result(["paint", "--environment=\u{301}x"]) == "\u{301}x  false false -")
  }

  @Test(
    "are refused with the nearest name",
    arguments: [
      ("piant", "unknown command 'piant' / did you mean 'paint'?"),
      ("zzz --what", "unknown command 'zzz' / see 'ensign help' for the commands"),
      ("new", "'new' needs to be told what: wall, roof"),
      ("new wal", "unknown command 'new wal' / did you mean 'new wall'?"),
      ("news", "unknown command 'news' / did you mean 'new'?"),
      ("new checkout", "unknown command 'new checkout' / there are 'new wall', 'new roof'"),
      ("paint --enviroment x", "unknown option '--enviroment' of paint / did you mean '--environment'?"),
      ("paint --env x", "unknown option '--env' of paint / did you mean '--environment'?"),
      ("paint --e x", "unknown option '--e' of paint / see 'ensign help paint'"),
      ("pai", "unknown command 'pai' / did you mean 'paint'?"),
      ("--for x paint", "unknown option '--for' / did you mean '--format'?"),
      ("paint --qiet", "unknown option '--qiet' of paint / did you mean '--quiet'?"),
      ("paint --zzzzzzz", "unknown option '--zzzzzzz' of paint / see 'ensign help paint'"),
      ("paint -x", "unknown option '-x' of paint / see 'ensign help paint'"),
      ("paint -dx", "unknown option '-x' of paint / see 'ensign help paint'"),
      (
        "--environment x paint",
        "option --environment stands before the command / write it after the command's name; it is an option of paint"
      ),
      ("--flgas x paint", "unknown option '--flgas' / did you mean '--flags'?"),
      ("paint --environment", "option --environment needs a value: --environment NAME"),
      ("paint --environment --dry", "option --environment needs a value: --environment NAME"),
      ("paint -e", "option --environment needs a value: --environment NAME"),
      ("paint -e a -e b", "option --environment is given twice; it takes one value"),
      ("paint --dry=yes", "option --dry takes no value, but was given 'yes'"),
      ("paint --shade alway", "unknown value for --shade 'alway' / did you mean 'always'?"),
      ("paint --shade x", "unknown value for --shade 'x' / known: auto, always, never"),
      ("paint --format github", "paint has no format 'github' / its formats: text, json"),
      ("paint --format jsn", "unknown value for --format 'jsn' / did you mean 'json'?"),
      ("new roof --format json", "new roof has one form of results; --format does not apply to it"),
      ("new wall", "new wall needs a KEY: its key / usage: ensign new wall [options] KEY"),
      ("new roof x", "new roof does not take 'x' / usage: ensign new roof [options]"),
    ])
  func refuses(_ line: String, _ expected: String) {
    #expect(result(line.split(separator: " ").map(String.init)) == expected)
  }

  @Test(
    "ask for help anywhere", arguments: ["-h", "paint -h", "paint --zzz -h", "paint -dh", "--help paint", "zzz --help"])
  func help(_ line: String) {
    #expect(Invocation(line.split(separator: " ").map(String.init), commands: Self.commands).globals.wantsHelp)
  }

  @Test("do not ask for help with a value or after --", arguments: ["paint -e -h", "paint -- --help"])
  func noHelp(_ line: String) {
    #expect(!Invocation(line.split(separator: " ").map(String.init), commands: Self.commands).globals.wantsHelp)
  }
}
