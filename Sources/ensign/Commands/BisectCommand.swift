internal import FlagHistory

/// `ensign bisect FLAG`.
struct BisectCommand: HistoryQuestionBody {
  var question = HistoryQuestionOptions()

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    // A..B, and neither NAME=VALUE nor a context in JSON.
    let range = operands.dropFirst().first { operand in
      !operand.utf8.contains(UInt8(ascii: "=")) && !operand.hasPrefix("{")
        && (try? DiffCommand.ends(of: operand)) != nil
    }
    let ends = try range.map { range throws(CommandError) in try DiffCommand.ends(of: range) }
    if let range, question.revision != nil {
      throw .usage("--rev and '\(range)': one of them says which commit is the newest")
    }
    let question = try HistoryQuestion(
      question, EvaluationOperands(operands.filter { $0 != range }), newest: ends?.1, in: session)
    let oldest = try ends.map { ends throws(CommandError) in try FoundRepository(in: session).resolve(ends.0) }
    let found: FlagBisect
    let entry: CommitChanges?
    do throws(FlagBisect.Failure) {
      found = try FlagBisect(
        of: question.flag, in: question.environment, for: question.context, from: oldest, to: question.newest,
        question.explorer)
      entry = try found.entry(within: HistoryScope(environment: question.environment), question.explorer)
    } catch {
      throw Self.explain(error, ends ?? ("", ""))
    }
    if found.answer == .absent, found.earlier == nil { throw question.unknown }
    let sheet = BisectSheet(
      flag: question.flag, environment: question.environment, moment: question.moment, found: found, entry: entry,
      ends: ends)
    session.console.output.write(
      session.format == .json
        ? sheet.document() : Array(sheet.text(session.style, isVerbose: session.globals.isVerbose).utf8))
    return .done
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
    options: HistoryQuestionOptions.declarations(for: BisectCommand.self),
    formats: [.text, .json], json: BisectSheet.fields,
    examples: [
      ("bisect checkout-v2 -e production -c targetingKey=user-7", "which commit gave user-7 what it gets now"),
      ("bisect checkout-v2 -e production v1.4.0..main country=DE", "what changed for Germany since a release"),
    ], isPaged: true)
}
