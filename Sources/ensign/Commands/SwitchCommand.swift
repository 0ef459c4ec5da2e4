internal import FlagEditor
internal import FlagHistory
internal import FlagSource

/// `ensign enable FLAG` and `ensign disable FLAG`.
struct SwitchCommand: EditingBody {
  let isOn: Bool
  var environment: String?
  var editing = EditOptions()

  init(isOn: Bool) { self.isOn = isOn }

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let flag = try FlagOperand(operands[0], environment: environment, in: session)
    return try Editing(session: session, options: editing).run { (tree, _) throws(CommandError) in
      try Self.plan(isOn, flag, in: tree)
    }
  }

  /// What is to do for a flag to be on or off.
  static func plan(_ isOn: Bool, _ flag: FlagOperand, in tree: FlagsTree) throws(CommandError) -> EditPlan {
    var plan = EditPlan(
      subject: .flag(flag.flag), environment: flag.environment, edits: [],
      headline: "\(isOn ? "Enable" : "Disable") \(flag.flag) in \(flag.environment)",
      unchanged: "\(flag.flag) is \(isOn ? "enabled" : "disabled") in \(flag.environment) already")
    // Without a file a flag is disabled.
    guard let config = try isOn ? flag.requiredConfig(in: tree) : flag.config(in: tree) else { return plan }
    let edit = FileEdit.Change.edit { bytes throws(FlagEditError) in try ConfigEditor.setEnabled(isOn, in: bytes) }
    plan.edits = [FileEdit(path: tree.files.path(of: config.file), edit)]
    return plan
  }
}

extension Command {
  static let enable = Command(
    "enable", SwitchCommand(isOn: true), group: .edit, summary: "Switch a flag on in an environment.",
    discussion: """
      Sets `enabled: true` in the flag's file, in place: comments, order and layout stay. The whole tree is checked \
      with the change, and nothing is written when it has errors then.

      A flag without a file for the environment is refused, because nothing says what it should serve: copy what it \
      does elsewhere with 'ensign promote'.
      """,
    operands: [CommandOperand("FLAG", completion: .flags, help: "the flag's key")],
    options: [switchedEnvironment] + EditOptions.declarations(for: SwitchCommand.self),
    formats: [.text, .json], json: EditSheet.fields,
    examples: [
      ("enable holiday-banner -e staging", "in the working tree"),
      ("enable holiday-banner -e production --commit --reason \"the season begins\"", "as a commit of its own"),
    ])

  static let disable = Command(
    "disable", SwitchCommand(isOn: false), group: .edit, summary: "Switch a flag off in an environment.",
    discussion: """
      Sets `enabled: false` in the flag's file, in place: comments, order and layout stay. Everyone gets the `off` \
      variant then. A schedule that stands there goes. In an emergency see 'ensign kill', which commits and publishes, \
      too.
      """,
    operands: [CommandOperand("FLAG", completion: .flags, help: "the flag's key")],
    options: [switchedEnvironment] + EditOptions.declarations(for: SwitchCommand.self),
    formats: [.text, .json], json: EditSheet.fields,
    examples: [
      ("disable holiday-banner -e staging", "in the working tree"),
      ("disable holiday-banner -e staging --dry-run", "only the difference"),
    ])

  private static let switchedEnvironment = OptionDeclaration<SwitchCommand>.value(
    "environment", short: "e", "NAME", completion: .environments, \.environment, help: "where")
}
