internal import Ensign
internal import FlagHistory
internal import FlagSource
internal import Git

/// `ensign show FLAG`.
struct ShowCommand: CommandBody {
  var environment: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let key = operands[0]
    let isWorking = session.globals.flags != nil || session.workingTree() != nil
    guard isWorking else {
      let repository = try FoundRepository(in: session)
      let id = try repository.resolve(key)
      return try showCommit((id, repository.explorer()), session)
    }
    let loaded: LoadedTree
    do throws(CommandError) {
      loaded = try session.load()
    } catch {
      // A commit can be shown beside a tree that cannot be read.
      guard let commit = try commit(named: key, in: session) else { throw error }
      return try showCommit(commit, session)
    }
    if loaded.tree.definition(of: key) == nil, let commit = try commit(named: key, in: session) {
      return try showCommit(commit, session)
    }
    if let environment { try loaded.tree.requireEnvironment(environment) }
    guard let flag = loaded.tree.definition(of: key) else {
      throw .unknown("flag", key, among: loaded.tree.definitions.map(\.key), status: .findings)
    }
    let environments = environment.map { [$0] } ?? loaded.tree.manifest.environments.map(\.value)
    let output = session.console.output
    switch session.format {
    case .json: output.write(FlagSheet.document(of: flag, in: loaded, environments: environments))
    default: output.write(FlagSheet.text(of: flag, in: loaded, environments: environments, session.style))
    }
    return loaded.reportErrors(in: session)
  }
}

extension ShowCommand {
  /// A commit and its repository.
  private typealias Found = (id: ObjectID, explorer: TreeExplorer)

  /// The commit that has this name; nil when none has, or there is no repository.
  private func commit(named name: String, in session: Session) throws(CommandError) -> Found? {
    guard let repository = try? FoundRepository(in: session) else { return nil }
    do throws(GitError) {
      return (try repository.repository.resolve(name), repository.explorer())
    } catch {
      if [.unknownRevision, .invalidRevision].contains(error.code) { return nil }
      throw .git(error)
    }
  }

  private func showCommit(_ found: Found, _ session: Session) throws(CommandError) -> CommandStatus {
    do throws(GitError) {
      let scope = HistoryScope(environment: environment)
      let sheet = CommitSheet(entry: try CommitChanges(of: found.id, found.explorer, within: scope))
      if session.format == .json {
        var json = CanonicalJSON()
        sheet.write(to: &json)
        session.console.output.write(json.bytes + [0x0A])
      } else {
        session.console.output.write(sheet.text(session.style, isVerbose: session.globals.isVerbose))
      }
      return .done
    } catch {
      throw .git(error)
    }
  }
}

extension Command {
  static let show = Command(
    "show", ShowCommand(), group: .inspect, summary: "Show a flag, or what a commit changed.",
    discussion: """
      A flag is shown with what it does in each environment. A commit is shown with who made it, when and why, and with \
      what it changed: not lines, but what flags mean; of a merge, what it changed against its first parent.

      Where a word could be both, the flag of the working tree wins; a commit has other names, such as its id.
      """,
    operands: [
      CommandOperand("FLAG|COMMIT", completion: .flags, help: "the flag's key; or a commit, a branch or a tag")
    ],
    options: [
      .value(
        "environment", short: "e", "NAME", completion: .environments, category: .filter, \.environment,
        help: "look at this environment only")
    ],
    formats: [.text, .json], json: FlagSheet.fields + CommitSheet.fields(""),
    examples: [
      ("show checkout-v2", "its definition and its configs"),
      ("show HEAD", "what the newest commit changed"),
    ], isPaged: true)
}
