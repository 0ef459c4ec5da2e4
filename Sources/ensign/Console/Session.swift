/// One run of a command: the global options, and the console that they speak of.
struct Session {
  let globals: GlobalOptions
  let console: Console
  /// The command that runs.
  let command: Command

  /// The form of the results that was asked for, or else the command's default.
  var format: OutputFormat { globals.format ?? command.formats.first ?? .text }

  /// The style of the results.
  var style: Style { (globals.color ?? .auto).style(for: console.output, variable: console.variable) }

  /// The style of everything else.
  var messageStyle: Style { (globals.color ?? .auto).style(for: console.messages, variable: console.variable) }

  /// Says what was done, unless `--quiet`.
  func summary(_ text: @autoclosure () -> String) {
    if !globals.isQuiet { console.message(text()) }
  }

  /// Says how something is done, with `--verbose`.
  func detail(_ text: @autoclosure () -> String) {
    if globals.isVerbose { console.message(messageStyle.dim(text())) }
  }
}
