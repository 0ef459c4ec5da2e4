internal import FlagEditor
internal import FlagHistory
internal import FlagSource

/// `ensign target FLAG KEY…`.
struct TargetCommand: EditingBody {
  var environment: String?
  var variant: String?
  var removes = false
  var editing = EditOptions()

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let flag = try FlagOperand(operands[0], environment: environment, in: session)
    let keys = Array(operands.dropFirst())
    guard !keys.isEmpty else { throw .usage("target needs to know whom: name one targeting key or more") }
    if variant == nil, !removes { throw .usage("target needs to know what they get: --variant NAME") }
    return try Editing(session: session, options: editing).run { (tree, _) throws(CommandError) in
      try plan(keys, flag, in: tree)
    }
  }

  private func plan(_ keys: [String], _ flag: FlagOperand, in tree: FlagsTree) throws(CommandError) -> EditPlan {
    let variants = try flag.definition(in: tree).variants.map(\.name.value)
    if let variant, !variants.contains(variant) {
      throw .unknown("variant", variant, among: variants, status: .findings)
    }
    let config = try flag.requiredConfig(in: tree)
    let edit: FileEdit.Change
    let words: (headline: String, unchanged: String)
    let whom = keys.count == 1 ? keys[0] : "\(keys.count) keys"
    if !removes, let variant {
      edit = .edit { bytes throws(FlagEditError) in try ConfigEditor.addTargets(keys, to: variant, in: bytes) }
      words = (
        "Give \(whom) \(variant) of \(flag.flag) in \(flag.environment)",
        "\(whom): targeted for \(variant) of \(flag.flag) in \(flag.environment) already"
      )
    } else {
      let variant = variant
      edit = .edit { bytes throws(FlagEditError) in try ConfigEditor.removeTargets(keys, from: variant, in: bytes) }
      words = (
        "Target \(whom) by \(flag.flag) in \(flag.environment) no longer",
        "\(whom): not targeted by \(flag.flag) in \(flag.environment)"
      )
    }
    return EditPlan(
      subject: .flag(flag.flag), environment: flag.environment,
      edits: [FileEdit(path: tree.files.path(of: config.file), edit)], headline: words.headline,
      unchanged: words.unchanged)
  }
}

extension Command {
  static let target = Command(
    "target", TargetCommand(), group: .edit, summary: "Give targeting keys a variant, before any rule.",
    discussion: """
      Adds targeting keys to the flag's `targets`, in place. A key that has another variant changes sides. With --remove \
      the keys go, those of one variant only where --variant names it.
      """,
    operands: [
      CommandOperand("FLAG", completion: .flags, help: "the flag's key"),
      CommandOperand("KEY", .any, help: "a targeting key"),
    ],
    options: [
      .value("environment", short: "e", "NAME", completion: .environments, \.environment, help: "where"),
      .value("variant", "NAME", \.variant, help: "the variant that they get"),
      .flag("remove", \.removes, help: "target them no longer"),
    ] + EditOptions.declarations(for: TargetCommand.self),
    formats: [.text, .json], json: EditSheet.fields,
    examples: [
      ("target checkout-v2 -e production --variant on user-1002 user-1003", "two more testers"),
      ("target checkout-v2 -e production --remove user-1001", "one less"),
    ])
}
