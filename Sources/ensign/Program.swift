internal import Ensign
internal import Glibc

/// The executable, apart from its process: words in, exit status out.
enum Program {
  /// The version of this source.
  static let version = LibraryVersion.text

  /// Runs a command line, without the program's name.
  ///
  /// Everything is written when it returns.
  static func run(_ words: [String], console: Console) -> CommandStatus {
    let invocation = Invocation(words, commands: Command.index)
    var pager: Pager?
    var status: CommandStatus
    do throws(CommandError) {
      status = try run(invocation, console: console, &pager)
    } catch {
      report(error, invocation.globals, console)
      status = error.status
    }
    console.output.flush()
    if let error = pager?.finish() {
      report(error, invocation.globals, console)
      status = error.status
    }
    if console.output.isBrokenPipe {
      // Who leaves a pager has not taken back the question.
      if pager == nil { status = .done }
    } else if let failure = console.output.failure {
      let error = CommandError.environment("cannot write standard output: \(String(cString: strerror(failure)))")
      report(error, invocation.globals, console)
      status = error.status
    }
    return status
  }

  private static func run(
    _ invocation: Invocation, console: Console, _ pager: inout Pager?
  ) throws(CommandError) -> CommandStatus {
    if invocation.globals.wantsHelp {
      console.output.write(invocation.command.map(Help.text) ?? Help.overview(of: Command.all))
      return .done
    }
    if invocation.globals.wantsVersion {
      console.output.line("ensign \(version)")
      return .done
    }
    if let error = invocation.error { throw error }
    guard let command = invocation.command else {
      console.messages.write(Help.overview(of: Command.all))
      console.messages.flush()
      return .unusable
    }
    let session = Session(globals: invocation.globals, console: console, command: command)
    pager = Pager(for: session)
    return try command.run(invocation.settings, invocation.operands, in: session)
  }

  private static func report(_ error: CommandError, _ globals: GlobalOptions, _ console: Console) {
    let style = (globals.color ?? .auto).style(for: console.messages, variable: console.variable)
    console.message("ensign: " + style.red("error") + ": " + error.message)
    for help in error.help { console.message("  " + style.cyan("help") + ": " + help) }
  }
}
