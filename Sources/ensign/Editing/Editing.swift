internal import FlagEditor
internal import FlagSource

/// Carries out the plan of a command that edits files: in the working tree, or as a commit.
struct Editing {
  let session: Session
  let options: EditOptions

  /// Edits and says what changed.
  func run(_ planner: Planner) throws(CommandError) -> CommandStatus {
    try options.check()
    let result = try options.commits ? CommittedEdit(options, in: session).run(planner).result : edited(planner)
    EditSheet(result: result, options: options).write(in: session)
    return .done
  }

  /// Edits the working tree.
  private func edited(_ planner: Planner) throws(CommandError) -> EditResult {
    let location = try session.tree()
    let edit = try PreparedEdit(
      of: WorkingTreeFiles(root: location.root), at: location, in: session, planner)
    if !options.isDryRun { try write(edit.files, below: location) }
    return EditResult(plan: edit.plan, changes: edit.changes, files: edit.files, prefix: location.pathPrefix)
  }

  private func write(_ files: [EditedFile], below location: TreeLocation) throws(CommandError) {
    do throws(FileError) {
      for file in files { try file.requireUnchanged(below: location.root) }
      for file in files {
        let path = FileSystem.join(location.root, file.path)
        if let after = file.after { try FileSystem.create(path, after) } else { try FileSystem.remove(path) }
      }
    } catch {
      throw error.asCommandError
    }
  }
}

extension EditedFile {
  /// Refuses to overwrite what somebody else wrote while the edit was prepared.
  fileprivate func requireUnchanged(below root: String) throws(FileError) {
    let path = FileSystem.join(root, path)
    let now = FileSystem.kind(of: path) == nil ? nil : try FileSystem.read(path, limit: .max)
    if now != before { throw FileError("write", path, reason: "it was changed meanwhile; run the command again") }
  }
}
