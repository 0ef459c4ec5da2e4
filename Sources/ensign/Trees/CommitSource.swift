internal import FlagHistory
internal import FlagSource
internal import Git

/// The flags tree of a commit, read without a checkout.
struct CommitSource {
  let location: TreeLocation
  let files: CommitFiles
  /// The commit's id, in full.
  let commit: String

  /// Finds the repository, the commit, and the tree in it.
  ///
  /// The tree is looked for where the working tree has it. `--flags` may also name a folder that only commits have,
  /// relative to the top of the repository; without it that is `flags`.
  init(_ revision: String, in session: Session) throws(CommandError) {
    let working = session.workingTree()
    let repository = try Self.repository(in: session)
    let id = try Self.resolve(revision, in: repository)
    let top = TreeLocation.canonical(repository.workTree ?? repository.gitDirectory)
    let folder =
      working.flatMap { try? repository.pathInWorkTree(of: $0.root) } ?? Self.folder(session.globals.flags ?? "flags")
    do throws(FileAccessError) {
      files = try CommitFiles(of: id, folder: folder, in: repository)
    } catch {
      throw .environment(error.message, help: "--flags names the folder from the top of the repository, \(top)")
    }
    location = TreeLocation(folder, inCommitOf: top)
    commit = id.description
    session.detail("\(revision) is the commit \(commit) of \(top)")
  }

  /// The repository that `--repository` names, or that the flags tree is in.
  static func repository(in session: Session) throws(CommandError) -> Repository {
    try open(
      session.globals.repository.map(session.console.absolute) ?? session.workingTree()?.root
        ?? session.console.workingFolder)
  }

  private static func open(_ path: String) throws(CommandError) -> Repository {
    do throws(GitError) {
      return try Repository(discovering: path)
    } catch {
      throw .git(error)
    }
  }

  private static func resolve(_ revision: String, in repository: borrowing Repository) throws(CommandError) -> ObjectID
  {
    do throws(GitError) {
      return try repository.resolve(revision)
    } catch {
      throw .git(error)
    }
  }

  /// A path as commits have them: without `.`, and without slashes around it.
  private static func folder(_ path: String) -> String {
    path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }
}

extension CommandError {
  /// A repository, or a part of it, that cannot be read.
  static func git(_ error: GitError) -> Self {
    Self(status: .unusable, message: error.message, help: error.help.map { [$0] } ?? [])
  }
}
