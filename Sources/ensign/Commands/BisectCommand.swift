internal import Ensign
internal import FlagHistory
internal import FlagSource
internal import Git

/// `ensign bisect FLAG`.
struct BisectCommand: CommandBody {
  var environment: String?
  var contexts: [String] = []
  var now: String?
  var revision: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    // A..B, and neither NAME=VALUE nor a context in JSON.
    let range = operands.dropFirst().first { operand in
      !operand.utf8.contains(UInt8(ascii: "=")) && !operand.hasPrefix("{")
        && (try? DiffCommand.ends(of: operand)) != nil
    }
    let words = try EvaluationOperands(operands.filter { $0 != range })
    guard let flag = words.flag else { throw .usage("bisect needs a FLAG: one at a time") }
    guard let environment else { throw .usage("bisect needs an --environment: a flag has other settings in each") }
    if let range, revision != nil { throw .usage("--rev and '\(range)': one of them says which commit is the newest") }
    let moment = try EvaluationInput(now: now).moment()
    let repository = try FoundRepository(in: session)
    let ends = try range.map { range throws(CommandError) in try DiffCommand.ends(of: range) }
    let newest = try repository.resolve(ends?.1 ?? revision ?? "HEAD")
    let oldest = try ends.map { ends throws(CommandError) in try repository.resolve(ends.0) }
    let explorer = repository.explorer()
    let (names, types) = try Self.words(of: newest, explorer)
    var context = try ContextArguments(types: types, console: session.console).context(
      from: contexts + words.attributes)
    context.now = moment
    let found: FlagBisect
    let entry: CommitChanges?
    do throws(FlagBisect.Failure) {
      found = try FlagBisect(of: flag, in: environment, for: context, from: oldest, to: newest, explorer)
      entry = try found.entry(within: HistoryScope(environment: environment), explorer)
    } catch {
      throw Self.explain(error, ends ?? ("", ""))
    }
    if found.answer == .absent, found.earlier == nil {
      if !names.environments.contains(environment) {
        throw .unknown("environment", environment, among: names.environments)
      }
      throw .unknown("flag", flag, among: names.flags, status: .findings)
    }
    let sheet = BisectSheet(
      flag: flag, environment: environment, moment: moment, found: found, entry: entry, ends: ends)
    session.console.output.write(
      session.format == .json
        ? sheet.document() : Array(sheet.text(session.style, isVerbose: session.globals.isVerbose).utf8))
    return .done
  }

  private static func words(
    of commit: ObjectID, _ explorer: TreeExplorer
  ) throws(CommandError) -> (TreeExplorer.Names, [String: FlagSource.AttributeType]) {
    do throws(GitError) {
      return (try explorer.names(in: commit), try explorer.attributeTypes(in: commit))
    } catch {
      throw .git(error)
    }
  }

  private static func explain(_ failure: FlagBisect.Failure, _ ends: (String, String)) -> CommandError {
    switch failure {
    case .git(let error): .git(error)
    case .notOnBranch:
      .usage(
        "'\(ends.0)' is not on the branch of '\(ends.1)': the first parents of that do not lead to it",
        help: "name an older commit of the branch; git log --first-parent \(ends.1) shows them")
    }
  }
}

extension Command {
  static let bisect = Command(
    "bisect", BisectCommand(), group: .history, summary: "Find the commit that last changed what a context gets.",
    discussion: """
      The branch is followed from its newest commit back, by first parents, until the answer was another one. What the \
      context got before, what it gets since, and all that the commit changed in the environment is told. The cause \
      may be in the flag, in a flag that it requires, in a segment or in the manifest.

      With A..B, the branch is that of B, the answer at A is the first one, and the changes after it are counted: \
      where there are several, the last one is told. Contexts are written as for 'ensign eval'; every commit is \
      evaluated for one moment, --now.
      """,
    operands: [
      CommandOperand("FLAG", .any, completion: .flags, help: "the flag's key, name=value of the context, and A..B")
    ],
    options: [
      .value("environment", short: "e", "NAME", completion: .environments, \.environment, help: "the environment"),
      .values(
        "context", short: "c", "CONTEXT", \.contexts,
        help: "who is asking: a JSON object, @FILE with one, or name=value; repeatable"),
      .value("now", "TIME", \.now, help: "the moment of evaluation (default: the present)"),
      .value("rev", "REV", \.revision, help: "the newest commit to look at (default: HEAD)"),
    ],
    formats: [.text, .json], json: BisectSheet.fields,
    examples: [
      ("bisect checkout-v2 -e production -c targetingKey=user-7", "which commit gave user-7 what it gets now"),
      ("bisect checkout-v2 -e production v1.4.0..main country=DE", "what changed for Germany since a release"),
    ], isPaged: true)
}
