internal import Ensign
internal import FlagHistory
internal import FlagSource
internal import Git

/// The repository that a command works with, and the flags tree's place in it.
struct FoundRepository: ~Copyable {
  let repository: Repository
  /// The path of the flags tree from the top of the repository; empty for the top itself.
  let folder: String
  /// Whether the flags tree of the working folder is this repository's.
  let hasWorkingTree: Bool
  /// The top of the working tree, or the repository itself when it is bare.
  let top: String

  /// Finds the repository around the flags tree, or the one that `--repository` names.
  ///
  /// The tree is looked for where the working tree has it. `--flags` may also name a folder that only commits have,
  /// relative to the top of the repository; without it that is `flags`.
  init(in session: Session) throws(CommandError) {
    let working = session.workingTree()
    let repository = try Self.repository(in: session)
    let top = TreeLocation.canonical(repository.workTree ?? repository.gitDirectory)
    var found: String?
    if let working { found = try? repository.pathInWorkTree(of: working.root) }
    let folder = found ?? Self.folder(session.globals.flags ?? "flags")
    // All at once, at the end: where something is thrown or called in between, Swift 6.3's optimiser releases the texts
    // that are not there yet.
    self.top = top
    self.folder = folder
    hasWorkingTree = found != nil
    self.repository = repository
  }

  /// The repository that `--repository` names, or that the flags tree is in.
  static func repository(in session: Session) throws(CommandError) -> Repository {
    do throws(GitError) {
      return try Repository(
        discovering: session.globals.repository.map(session.console.absolute) ?? session.workingTree()?.root
          ?? session.console.workingFolder)
    } catch {
      throw .git(error)
    }
  }

  /// Works with the repository, and says what went wrong as the command line does.
  func withRepository<Result: ~Copyable>(
    _ body: (borrowing Repository) throws(GitError) -> Result
  ) throws(CommandError) -> Result {
    do throws(GitError) {
      return try body(repository)
    } catch {
      throw .git(error)
    }
  }

  /// The commit that a revision names.
  func resolve(_ revision: String) throws(CommandError) -> ObjectID {
    do throws(GitError) {
      return try repository.resolve(revision)
    } catch {
      throw .git(error)
    }
  }

  /// The commit of a revision; or of a moment, the newest of the commits that `HEAD` was since then.
  func commit(at text: String) throws(CommandError) -> ObjectID {
    guard let instant = Moment.instant(text) else { return try resolve(text) }
    let head = try resolve("HEAD")
    do throws(GitError) {
      let seconds = Int64((Double(instant.milliseconds) / 1000).rounded(.down))
      if let found = try repository.newest(from: head, notLaterThan: seconds) { return found }
    } catch {
      throw .git(error)
    }
    throw .refused("--at \(text): the history of HEAD begins later")
  }

  /// The tree as reports show it.
  var location: TreeLocation { TreeLocation(folder, inCommitOf: top) }

  /// The flags trees of all commits.
  consuming func explorer() -> TreeExplorer { TreeExplorer(repository, folder: folder) }

  /// A path as commits have them: without `.`, and without slashes around it.
  private static func folder(_ path: String) -> String {
    path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }
}

extension CommandError {
  /// A repository, or a part of it, that cannot be read.
  static func git(_ error: GitError) -> Self {
    Self(
      status: error.code == .uncommitted ? .findings : .unusable, message: error.message,
      help: error.help.map { [$0] } ?? [])
  }
}
