internal import Ensign
internal import FlagHistory
internal import FlagSource
internal import Git

/// A command that asks what one context got from a flag along a branch.
protocol HistoryQuestionBody: CommandBody {
  var question: HistoryQuestionOptions { get set }
}

/// What all commands that ask so can be told.
struct HistoryQuestionOptions: Sendable {
  var environment: String?
  var contexts: [String] = []
  var now: String?
  var revision: String?

  /// The options of a command that asks so.
  static func declarations<Body: HistoryQuestionBody>(for _: Body.Type) -> [OptionDeclaration<Body>] {
    [
      .value(
        "environment", short: "e", "NAME", completion: .environments, \.question.environment, help: "the environment"),
      .values(
        "context", short: "c", "CONTEXT", \.question.contexts,
        help: "who is asking: a JSON object, @FILE with one, or name=value; repeatable"),
      .value("now", "TIME", \.question.now, help: "the moment of evaluation (default: the present)"),
      .value("rev", "REV", \.question.revision, help: "the newest commit to look at (default: HEAD)"),
    ]
  }
}

/// What one context got from a flag along a branch, as a question with all that its answer needs.
struct HistoryQuestion {
  let flag: String
  let environment: String
  let context: Context
  /// The moment of evaluation, for every commit.
  let moment: Timestamp
  /// The commit at which the branch ends.
  let newest: ObjectID
  let explorer: TreeExplorer
  private let names: TreeExplorer.Names

  /// - Parameters:
  ///   - words: the command's operands: the flag, and attributes.
  ///   - newest: the commit at which the branch ends, if an operand says it; else `--rev` does.
  init(
    _ options: HistoryQuestionOptions, _ words: EvaluationOperands, newest: String? = nil, in session: Session
  ) throws(CommandError) {
    let command = session.command.name
    guard let flag = words.flag else { throw .usage("\(command) needs a FLAG: one at a time") }
    guard let environment = options.environment else {
      throw .usage("\(command) needs an --environment: a flag has other settings in each")
    }
    let moment = try EvaluationInput(now: options.now).moment()
    let repository = try FoundRepository(in: session)
    let commit = try repository.resolve(newest ?? options.revision ?? "HEAD")
    let explorer = repository.explorer()
    let names: TreeExplorer.Names
    let types: [String: FlagSource.AttributeType]
    do throws(GitError) {
      names = try explorer.names(in: commit)
      types = try explorer.attributeTypes(in: commit)
    } catch {
      throw .git(error)
    }
    var context = try ContextArguments(types: types, console: session.console).context(
      from: options.contexts + words.attributes)
    context.now = moment
    (self.flag, self.environment, self.context, self.moment) = (flag, environment, context, moment)
    (self.newest, self.explorer, self.names) = (commit, explorer, names)
  }

  /// Why there was never an answer: a name that is not known.
  var unknown: CommandError {
    names.environments.contains(environment)
      ? .unknown("flag", flag, among: names.flags, status: .findings)
      : .unknown("environment", environment, among: names.environments)
  }
}
