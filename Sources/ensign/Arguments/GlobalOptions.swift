/// The form of a command's results.
enum OutputFormat: String, CaseIterable, Sendable {
  case text
  case json
  case markdown
  case github
  case gitlab
  case sarif
  case junit
  case rdjson
}

/// When to colour.
enum ColorChoice: String, CaseIterable, Sendable {
  case auto
  case always
  case never
}

/// The options that every command takes, before or after its name.
struct GlobalOptions: Sendable {
  /// The flags tree; nil to look for it.
  var flags: String?
  /// The Git repository; nil to look for it.
  var repository: String?
  /// The form of the results; nil for the command's default.
  var format: OutputFormat?
  /// When to colour; nil is `auto`.
  var color: ColorChoice?
  /// Write results to a terminal at once, not through a pager.
  var refusesPager = false
  /// Results and errors only.
  var isQuiet = false
  /// Say more about what is done.
  var isVerbose = false
  var wantsHelp = false
  var wantsVersion = false

  static let declarations: [OptionDeclaration<Self>] = [
    .value(
      "flags", "DIR", completion: .folder, category: .global, \.flags,
      help: "the flags tree (default: the nearest flags/ upwards that holds ensign.yaml)"),
    .value(
      "repository", "DIR", completion: .folder, category: .global, \.repository,
      help: "the Git repository for --rev (default: the one that the flags tree is in)"),
    .choice("format", "FORMAT", category: .global, \.format, help: "the form of the results (default: text)"),
    .choice(
      "color", "WHEN", category: .global, \.color,
      help: "colour and emphasis; auto is a terminal without NO_COLOR (default: auto)"),
    .flag(
      "no-pager", category: .global, \.refusesPager,
      help: "write to the terminal at once, not through ENSIGN_PAGER, PAGER or less"),
    .flag("quiet", short: "q", category: .global, \.isQuiet, help: "print results and errors only, no summary"),
    .flag("verbose", short: "v", category: .global, \.isVerbose, help: "say more about what is done"),
    .flag("help", short: "h", category: .global, \.wantsHelp, help: "show the help of the command"),
    .flag("version", category: .global, \.wantsVersion, help: "show the version"),
  ]
}
