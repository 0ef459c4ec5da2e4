internal import FlagEditor
internal import FlagHistory
internal import FlagSource
internal import Git

/// An edit of what the newest commit of a branch has, committed there, and put into the working tree as well.
///
/// The files of the edit, and no others, change in the commit, in the index and in the working tree. The index is locked
/// all along, and what can fail is done before the branch moves.
struct CommittedEdit: ~Copyable {
  private let session: Session
  private let options: EditOptions
  private let found: FoundRepository
  private let author: Identity
  private let committer: Identity

  /// What came of it.
  struct Outcome {
    var result: EditResult
    /// The tree of the commit that the branch is at.
    var source: CheckedSource
    var tip: BranchTip
  }

  /// How long to wait for other processes that hold the index: another run of this program takes a fraction of a second.
  private static let waitingMilliseconds = 2000
  /// How often to begin anew because another commit landed meanwhile.
  private static let greatestNumberOfAttempts = 20

  /// Finds the repository and the user's identity.
  ///
  /// - Throws: when the repository or its settings stand against a commit; nothing is written then.
  init(_ options: EditOptions, in session: Session) throws(CommandError) {
    let found = try FoundRepository(in: session)
    _ = try found.withRepository { repository throws(GitError) in try repository.currentBranch() }
    guard found.hasWorkingTree else {
      throw .usage("--commit works on the working tree, which is not that of --repository")
    }
    let (author, committer) = try found.withRepository { repository throws(GitError) in
      (
        try repository.identity(of: .author, variable: session.console.variable),
        try repository.identity(of: .committer, variable: session.console.variable)
      )
    }
    let demands = try found.withRepository { repository throws(GitError) in try repository.commitDemands() }
    if let hook = demands.hooks.first, !options.skipsHooks {
      throw .refused(
        "the repository has a hook, \(session.console.shown(hook)), which ensign does not run",
        help: "commit all the same with --no-verify, as git calls it",
        "or edit without a commit, then git commit")
    }
    if demands.isSigned, !options.isUnsigned {
      throw .refused(
        "commit.gpgSign asks for signed commits, and ensign does not sign commits",
        help: "commit without a signature: --no-gpg-sign", "or edit without a commit, then git commit")
    }
    self.session = session
    self.options = options
    self.author = author
    self.committer = committer
    self.found = found
  }

  /// Edits and commits.
  func run(_ planner: Planner) throws(CommandError) -> Outcome {
    if options.isDryRun {
      let ready = try prepare(planner, after: nil)
      return Outcome(result: result(of: ready.edit), source: ready.edit.source, tip: ready.tip)
    }
    return try Interruption.postponed { () throws(CommandError) in
      let lock = try found.withRepository { repository throws(GitError) in
        try repository.lockIndex(waiting: Self.waitingMilliseconds)
      }
      var ready: Ready?
      for _ in 0..<Self.greatestNumberOfAttempts {
        let next = try prepare(planner, after: ready)
        ready = next
        guard let outcome = try attempt(next, lock) else { continue }
        guard let commit = outcome.result.commit else { return outcome }
        do throws(GitError) {
          try lock.commit()
        } catch {
          throw incomplete(commit, error.message)
        }
        return outcome
      }
      throw .environment("other commits land faster than this one can be made; try again")
    }
  }

  /// An edit on top of a commit.
  private struct Ready {
    let tip: BranchTip
    /// The commit's tree.
    let tree: ObjectID
    /// The flags tree of the commit, as an object.
    let flags: ObjectID?
    let edit: PreparedEdit
  }

  /// Plans on top of the newest commit.
  ///
  /// - Parameter last: what was planned before; it holds as long as nobody changed the flags tree.
  private func prepare(_ planner: Planner, after last: Ready?) throws(CommandError) -> Ready {
    let folder = found.folder
    let (tip, tree, flags) = try found.withRepository { repository throws(GitError) in
      let tip = try repository.currentBranch()
      let tree = try repository.commit(tip.commit).tree
      return (tip, tree, try repository.entry(at: folder, inTree: tree)?.id)
    }
    if let last, last.flags == flags { return Ready(tip: tip, tree: tree, flags: flags, edit: last.edit) }
    let source = try CommitSource(tip.commit, of: found)
    let edit = try PreparedEdit(of: source.files, at: source.location, in: session, planner)
    return Ready(tip: tip, tree: tree, flags: flags, edit: edit)
  }

  private func result(of edit: PreparedEdit) -> EditResult {
    EditResult(
      plan: edit.plan, changes: edit.changes, files: edit.files, prefix: found.location.pathPrefix)
  }

  /// One attempt; nil when another commit landed meanwhile, and nothing was done.
  private func attempt(_ ready: Ready, _ lock: borrowing IndexLock) throws(CommandError) -> Outcome? {
    let (edit, tip) = (ready.edit, ready.tip)
    var outcome = Outcome(result: result(of: edit), source: edit.source, tip: tip)
    if edit.files.isEmpty { return outcome }
    let files = try workingFiles(edit.files, in: ready.tree, lock)
    let message = CommitMessage.text(for: edit.plan, reason: options.reason)
    let changes = files.map { TreeChange(path: $0.path, blob: $0.blob) }
    let isDone: Bool
    do throws(GitError) {
      let tree = try found.repository.tree(ready.tree, changing: changes)
      let id = try found.repository.commit(
        tree: tree, parent: tip.commit, author: author, committer: committer, message: message)
      // Written twice: what fails for want of space fails here.
      for file in files { try lock.set(file.path, file: file.location, to: file.blob) }
      try lock.write()
      isDone = try found.repository.advance(
        tip, to: id, committer: committer, logMessage: "commit: \(edit.plan.headline)")
      outcome.tip = BranchTip(name: tip.name, commit: id)
      outcome.result.commit = EditCommit(id: id, branch: tip.name)
      outcome.source = CheckedSource(
        location: edit.source.location, checked: edit.source.checked, commit: id.description)
    } catch {
      throw .git(error)
    }
    guard isDone else {
      do throws(GitError) {
        for file in files { try lock.set(file.path, file: file.location, to: file.old) }
      } catch {
        throw .git(error)
      }
      return nil
    }
    if let commit = outcome.result.commit { try finish(files, of: commit, lock) }
    return outcome
  }

  /// A file of the edit, ready to take its place in the working tree.
  private struct WorkingFile {
    /// From the top of the repository.
    var path: String
    /// The same, absolute.
    var location: String
    /// What the commit before has there; nil where it has none.
    var old: ObjectID?
    /// What the new one has; nil for a file that goes.
    var blob: ObjectID?
    /// Nil for a file that goes.
    var prepared: PreparedFile?
  }

  /// Makes sure that nobody is at work on the files, and writes their new content beside them.
  private func workingFiles(
    _ files: [EditedFile], in tree: ObjectID, _ lock: borrowing IndexLock
  ) throws(CommandError) -> [WorkingFile] {
    try files.map { file throws(CommandError) in
      let path = FileSystem.join(found.folder, file.path)
      let location = FileSystem.join(found.top, path)
      let old = try found.withRepository { repository throws(GitError) in
        try repository.entry(at: path, inTree: tree)
      }
      let agreement = try found.withRepository { repository throws(GitError) in
        try lock.agreement(on: path, file: location, with: old?.id, in: repository)
      }
      if agreement != .all { throw Self.uncommitted(path, agreement, isNew: old == nil) }
      let blob = try found.withRepository { repository throws(GitError) in
        try file.after.map { bytes throws(GitError) in try repository.writeBlob(bytes) }
      }
      let new = try workingContent(of: file, at: location, path)
      return WorkingFile(
        path: path, location: location, old: old?.id, blob: blob,
        prepared: try new.map { bytes throws(CommandError) in try Self.prepared(bytes, at: location) })
    }
  }

  /// What the working tree gets: the content of the commit, or what the edit makes of the file as it lies there, where
  /// Git gave it other line ends.
  private func workingContent(
    of file: EditedFile, at location: String, _ path: String
  ) throws(CommandError) -> [UInt8]? {
    guard file.before != nil, file.after != nil else { return file.after }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileSystem.read(location, limit: .max)
    } catch {
      throw error.asCommandError
    }
    return bytes == file.before ? file.after : try EditedFile.applying(file.change, to: bytes, name: path)
  }

  private static func prepared(_ bytes: [UInt8], at location: String) throws(CommandError) -> PreparedFile {
    do throws(FileError) {
      if let parent = FileSystem.parent(of: location) { try FileSystem.makeFolder(parent) }
      let file = try PreparedFile(for: location)
      try file.fill(bytes)
      return file
    } catch {
      throw error.asCommandError
    }
  }

  /// Puts the files in their places, now that the branch has the commit, and tells the index.
  private func finish(
    _ files: [WorkingFile], of commit: EditCommit, _ lock: borrowing IndexLock
  ) throws(CommandError) {
    do throws(FileError) {
      for file in files {
        if let prepared = file.prepared { try prepared.replace() } else { try FileSystem.remove(file.location) }
      }
    } catch {
      throw incomplete(commit, "\(error.path): \(error.reason)")
    }
    do throws(GitError) {
      for file in files { try lock.set(file.path, file: file.location, to: file.blob) }
      try lock.write()
    } catch {
      throw incomplete(commit, error.message)
    }
  }

  // MARK: What stands against a commit

  private static func uncommitted(
    _ path: String, _ agreement: IndexLock.Agreement, isNew: Bool
  ) -> CommandError {
    let what =
      switch agreement {
      case .staged: isNew ? "is new, and its content is staged" : "has changes that are staged"
      default: isNew ? "is not committed yet" : "has changes that are not committed"
      }
    return .refused(
      "\(path) \(what): a commit would take them along",
      help: "commit or stash them first (git diff HEAD -- \(path)), or edit without a commit")
  }

  /// The branch has the commit, and something after that went wrong.
  private func incomplete(_ commit: EditCommit, _ reason: String) -> CommandError {
    .environment(
      "the commit \(commit.id.description.prefix(12)) is on \(commit.shortBranch), but the working tree or the index "
        + "lacks it: \(reason)",
      help: "bring them in line with git status and git restore --staged --worktree -- FILE")
  }
}
