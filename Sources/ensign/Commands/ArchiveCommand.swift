internal import FlagEditor
internal import FlagHistory
internal import FlagSource

/// `ensign archive FLAG`.
struct ArchiveCommand: EditingBody {
  var editing = EditOptions()

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let flag = operands[0]
    return try Editing(session: session, options: editing).run { (tree, _) throws(CommandError) in
      let definition = try tree.requireFlag(flag)
      let archiving = FileEdit.Change.edit { bytes throws(FlagEditError) in try DefinitionEditor.archive(bytes) }
      let configs = tree.configs.filter { $0.flag == flag }
      return EditPlan(
        subject: .flag(flag), environment: nil,
        edits: [FileEdit(path: tree.files.path(of: definition.file), archiving)]
          + configs.map { FileEdit(path: tree.files.path(of: $0.file), .remove) },
        headline: "Archive \(flag)", unchanged: "\(flag) is archived already")
    }
  }
}

extension Command {
  static let archive = Command(
    "archive", ArchiveCommand(), group: .edit, summary: "Retire a flag for good; its key is never used again.",
    discussion: """
      Sets `archived: true` in the definition, which stays so that the key never gets another meaning, and removes the \
      flag's files from all environments: an archived flag is in no snapshot. Services that still ask for it get the \
      default that they pass, so let the code that asks go first.

      A flag that another one requires, or that a test expects something of, is refused until those are changed.
      """,
    operands: [CommandOperand("FLAG", completion: .flags, help: "the flag's key")],
    options: EditOptions.declarations(for: ArchiveCommand.self), formats: [.text, .json], json: EditSheet.fields,
    examples: [("archive old-banner --commit --reason \"shipped in May\"", "as a commit")])
}
