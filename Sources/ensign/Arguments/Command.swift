/// The work of a command.
///
/// Its stored properties are the command's options, with their defaults.
protocol CommandBody: Sendable {
  /// Does the work: results go to the session's output, everything else to its messages.
  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus
}

/// A member of a command's JSON output, for the reference page.
struct JSONField: Hashable, Sendable {
  /// Where it stands: members joined by dots, `[]` after an array, `*` for any key.
  ///
  /// `findings[].start.line`.
  let path: String
  /// What it says.
  ///
  /// Lower case, no full stop.
  let meaning: String

  init(_ path: String, _ meaning: String) {
    self.path = path
    self.meaning = meaning
  }
}

/// A command as it is declared: all that parsing, help, completion and the reference page need to know.
struct Command: Sendable {
  /// The heading under which `ensign help` lists the command.
  enum Group: String, CaseIterable, Sendable {
    case author = "Write and check flags"
    case edit = "Change flags in place"
    case inspect = "Look at flags"
    case deliver = "Compile and evaluate"
    case publish = "Sign, publish, verify"
    case history = "Look back"
    case about = "About ensign"
  }

  /// One word, or two for commands that come in families (`new flag`).
  let name: String
  let group: Group
  /// One line, a sentence.
  let summary: String
  /// More about it, paragraphs.
  ///
  /// May be empty.
  let discussion: String
  let operands: [CommandOperand]
  /// Its own options; the global ones come on top.
  ///
  /// They are made anew at each access: starting up makes those of one command, not of all.
  var options: [Option] { makeOptions() }
  /// The formats of its results; the first is the default.
  ///
  /// Empty: the results have one form and `--format` is refused.
  let formats: [OutputFormat]
  /// The members of its JSON, when it has any.
  ///
  /// Worked out when they are asked for: no command needs them to run.
  var json: [JSONField] { makeJSON() }
  /// Command lines that work as they stand, without the leading `ensign`, and what each does.
  let examples: [(arguments: String, meaning: String)]
  /// Whether a terminal shows its text in a pager.
  let isPaged: Bool
  /// Whether the command is left out of help and completion.
  let isHidden: Bool

  private let makeOptions: @Sendable () -> [Option]
  private let makeJSON: @Sendable () -> [JSONField]
  private let start: @Sendable ([(option: Int, text: String?)], [String], Session) throws(CommandError) -> CommandStatus

  init<Body: CommandBody>(
    _ name: String, _ body: Body, group: Group, summary: String, discussion: String = "",
    operands: [CommandOperand] = [],
    options: @escaping @autoclosure @Sendable () -> [OptionDeclaration<Body>] = [], formats: [OutputFormat] = [],
    json: @escaping @autoclosure @Sendable () -> [JSONField] = [],
    examples: [(arguments: String, meaning: String)] = [], isPaged: Bool = false, isHidden: Bool = false
  ) {
    self.name = name
    self.group = group
    self.summary = summary
    self.discussion = discussion
    self.operands = operands
    makeOptions = { options().map(\.option) }
    self.formats = formats
    makeJSON = json
    self.examples = examples
    self.isPaged = isPaged
    self.isHidden = isHidden
    start = { settings, operands, session throws(CommandError) in
      var body = body
      let options = options()
      for setting in settings { options[setting.option].apply(&body, setting.text) }
      return try body.run(operands, in: session)
    }
  }

  /// Runs the command.
  ///
  /// - Parameter settings: the options that were given, each with its position in ``options`` and its checked value, in
  ///   the order in which they were given.
  func run(
    _ settings: [(option: Int, text: String?)], _ operands: [String], in session: Session
  ) throws(CommandError) -> CommandStatus {
    try start(settings, operands, session)
  }
}
