internal import FlagHistory
internal import Git

/// `ensign timeline FLAG`.
struct TimelineCommand: HistoryQuestionBody {
  var question = HistoryQuestionOptions()

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let question = try HistoryQuestion(question, EvaluationOperands(operands), in: session)
    var entries: [FlagTimeline.Entry] = []
    do throws(GitError) {
      var timeline = try FlagTimeline(
        of: question.flag, in: question.environment, for: question.context, from: question.newest, question.explorer)
      while let entry = try timeline.nextEntry() { entries.append(entry) }
    } catch {
      throw .git(error)
    }
    if entries.allSatisfy({ $0.answer == .absent }) { throw question.unknown }
    let sheet = TimelineSheet(
      flag: question.flag, environment: question.environment, moment: question.moment, entries: entries)
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
    options: HistoryQuestionOptions.declarations(for: TimelineCommand.self),
    formats: [.text, .json], json: TimelineSheet.fields,
    examples: [("timeline checkout-v2 -e production -c targetingKey=user-7", "what user-7 got, and since when")],
    isPaged: true)
}
