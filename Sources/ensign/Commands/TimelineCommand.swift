internal import Ensign
internal import FlagHistory
internal import FlagSource
internal import Git

/// `ensign timeline FLAG`.
struct TimelineCommand: CommandBody {
  var environment: String?
  var contexts: [String] = []
  var now: String?
  var revision: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let words = try EvaluationOperands(operands)
    guard let flag = words.flag else { throw .usage("timeline needs a FLAG: one at a time") }
    guard let environment else { throw .usage("timeline needs an --environment: a flag has other settings in each") }
    let moment = try EvaluationInput(now: now).moment()
    let found = try FoundRepository(in: session)
    let id = try found.resolve(revision ?? "HEAD")
    let explorer = found.explorer()
    let names: TreeExplorer.Names
    let types: [String: FlagSource.AttributeType]
    do throws(GitError) {
      names = try explorer.names(in: id)
      types = try explorer.attributeTypes(in: id)
    } catch {
      throw .git(error)
    }
    var context = try ContextArguments(types: types, console: session.console).context(
      from: contexts + words.attributes)
    context.now = moment
    var entries: [FlagTimeline.Entry] = []
    do throws(GitError) {
      var timeline = try FlagTimeline(of: flag, in: environment, for: context, from: id, explorer)
      while let entry = try timeline.nextEntry() { entries.append(entry) }
    } catch {
      throw .git(error)
    }
    if entries.allSatisfy({ $0.answer == .absent }) {
      if !names.environments.contains(environment) {
        throw .unknown("environment", environment, among: names.environments)
      }
      throw .unknown("flag", flag, among: names.flags, status: .findings)
    }
    let sheet = TimelineSheet(flag: flag, environment: environment, moment: moment, entries: entries)
    session.console.output.write(session.format == .json ? sheet.document() : Array(sheet.text(session.style).utf8))
    if let cutOff = entries.last, cutOff.isCutOff {
      session.console.message(
        "ensign: \(session.messageStyle.yellow("warning")): the history is cut off at \(cutOff.commit.id) (a shallow "
          + "clone); its answer may be older. Fetch the rest with 'git fetch --unshallow'.")
    }
    return .done
  }
}

extension Command {
  static let timeline = Command(
    "timeline", TimelineCommand(), group: .history, summary: "Tell what a context got from a flag, and since when.",
    discussion: """
      The commits of the branch are evaluated, newest first: HEAD and its first parents. An entry is the commit from \
      which on the answer was given; the last one is as old as the history. A change counts, in whichever file it was: \
      the flag, a flag that it requires, a segment, the manifest.

      Contexts are written as for 'ensign eval'. Every commit is evaluated for one moment, --now.
      """,
    operands: [
      CommandOperand("FLAG", .any, completion: .flags, help: "the flag's key, and name=value of the context")
    ],
    options: [
      .value("environment", short: "e", "NAME", completion: .environments, \.environment, help: "the environment"),
      .values(
        "context", short: "c", "CONTEXT", \.contexts,
        help: "who is asking: a JSON object, @FILE with one, or name=value; repeatable"),
      .value("now", "TIME", \.now, help: "the moment of evaluation (default: the present)"),
      .value("rev", "REV", \.revision, help: "the newest commit to look at (default: HEAD)"),
    ],
    formats: [.text, .json], json: TimelineSheet.fields,
    examples: [("timeline checkout-v2 -e production -c targetingKey=user-7", "what user-7 got, and since when")],
    isPaged: true)
}
