internal import FlagEditor
internal import FlagHistory
internal import FlagSource

/// `ensign promote FLAG`.
struct PromoteCommand: EditingBody {
  var source: String?
  var destination: String?
  var editing = EditOptions()

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    guard let source, let destination else {
      throw .usage("promote needs to know where from and where to: --from NAME --to NAME")
    }
    guard source != destination else { throw .usage("--from and --to name the same environment") }
    let origin = try FlagOperand(operands[0], environment: source, in: session)
    let target = try FlagOperand(operands[0], environment: destination, in: session)
    return try Editing(session: session, options: editing).run { (tree, reading) throws(CommandError) in
      try Self.plan(origin, target, in: tree, reading)
    }
  }

  private static func plan(
    _ origin: FlagOperand, _ target: FlagOperand, in tree: FlagsTree, _ reading: TreeReading
  ) throws(CommandError) -> EditPlan {
    let flag = origin.flag
    let old = try target.config(in: tree)
    guard let config = try origin.config(in: tree) else {
      throw .refused("the flag '\(flag)' has no file in \(origin.environment): there is nothing to promote")
    }
    let path = tree.files.path(of: config.file)
    let bytes: [UInt8]
    do throws(FileAccessError) {
      bytes = try reading.bytes(of: config.file)
    } catch {
      throw .environment("cannot read \(path): \(error.message)")
    }
    let edit: FileEdit
    if let old {
      edit = FileEdit(path: tree.files.path(of: old.file), .edit { _ in bytes })
    } else {
      // In the same folder as in the other environment.
      let place = path.dropFirst("environments/\(origin.environment)/".count)
      edit = FileEdit(path: "environments/\(target.environment)/\(place)", .create(bytes))
    }
    let order = tree.manifest.environments.map(\.value)
    let isBackwards = (order.firstIndex(of: origin.environment) ?? 0) > (order.firstIndex(of: target.environment) ?? 0)
    return EditPlan(
      subject: .flag(flag), environment: target.environment, edits: [edit],
      headline: "Promote \(flag) from \(origin.environment) to \(target.environment)",
      unchanged: "\(flag) is the same in \(origin.environment) and \(target.environment)",
      notes: isBackwards ? ["\(target.environment) comes before \(origin.environment) in ensign.yaml"] : [])
  }
}

extension Command {
  static let promote = Command(
    "promote", PromoteCommand(), group: .edit, summary: "Have a flag do in one environment what it does in another.",
    discussion: """
      The file of the one environment takes the place of the other's, comments and layout included; where there was \
      none, it is made in the same folder. What was there before is gone, as the difference shows (--dry-run).
      """,
    operands: [CommandOperand("FLAG", completion: .flags, help: "the flag's key")],
    options: [
      .value(
        "from", "NAME", completion: .environments, \.source, help: "the environment whose file is copied; required"),
      .value("to", "NAME", completion: .environments, \.destination, help: "the environment that gets it; required"),
    ] + EditOptions.declarations(for: PromoteCommand.self),
    formats: [.text, .json], json: EditSheet.fields,
    examples: [
      ("promote checkout-v2 --from staging --to production --dry-run", "what that would change"),
      ("promote checkout-v2 --from staging --to production --commit", "as a commit"),
    ])
}
