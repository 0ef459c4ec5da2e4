internal import Ensign
internal import FlagCompiler
internal import FlagHistory
internal import FlagReview
internal import Git

/// `ensign diff A..B`.
struct DiffCommand: CommandBody {
  var environment: String?
  var tellsByStatus = false
  var tellsImpact = false
  var now: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let found = try FoundRepository(in: session)
    let (before, after) = try Self.ends(of: operands[0])
    let (old, new) = (try found.resolve(before), try found.resolve(after))
    session.detail("from the commit \(old) to the commit \(new) of \(found.top)")
    if tellsImpact { return try impact(from: before, to: after, old, new, in: session) }
    if now != nil { throw .usage("--now is the moment of a comparison of who is affected; it takes --impact") }
    let explorer = found.explorer()
    let changes: [SemanticChange]
    do throws(GitError) {
      changes = try ChangeFinder(explorer, within: HistoryScope(environment: environment))
        .changes(fromCommit: old, toCommit: new)
    } catch {
      throw .git(error)
    }
    let sheet = DiffSheet(changes: changes, before: old, after: new)
    session.console.output.write(session.format == .json ? sheet.document() : Array(sheet.text(session.style).utf8))
    return tellsByStatus && !changes.isEmpty ? .findings : .done
  }

  /// Tells who is affected, too.
  private func impact(
    from before: String, to after: String, _ old: ObjectID, _ new: ObjectID, in session: Session
  ) throws(CommandError) -> CommandStatus {
    let sources = (try session.checkedSource(revision: before), try session.checkedSource(revision: after))
    let moment = try now.map { text throws(CommandError) in try Moment.instant(text, of: "now") } ?? .now()
    let plan: ReviewPlan
    do throws(CompilationError) {
      plan = try ReviewPlan(
        from: sources.0.checked, to: sources.1.checked,
        ReviewPlan.Comparison(moment: moment, prefix: sources.1.location.pathPrefix, environment: environment))
    } catch {
      throw .compilation(error)
    }
    if session.format == .json {
      session.console.output.write(PlanSheet(plan: plan).document(before: old, after: new))
    } else {
      session.console.output.write(PlanSheet(plan: plan).text(session.style))
    }
    return tellsByStatus && !plan.isEmpty ? .findings : .done
  }

  /// The two commits of `A..B`; one that is left out is `HEAD`.
  static func ends(of range: String) throws(CommandError) -> (String, String) {
    let bytes = Array(range.utf8)
    guard let dots = bytes.indices.dropLast().first(where: { bytes[$0...$0 + 1].elementsEqual("..".utf8) }),
      bytes.count > 2, !bytes[(dots + 2)...].starts(with: ".".utf8)
    else {
      throw .usage("'\(range)' does not name two commits", help: "write A..B, such as v1.4.0..main or HEAD~1..HEAD")
    }
    func name(_ bytes: ArraySlice<UInt8>) -> String { bytes.isEmpty ? "HEAD" : String(decoding: bytes, as: UTF8.self) }
    return (name(bytes[..<dots]), name(bytes[(dots + 2)...]))
  }
}

extension Command {
  static let diff = Command(
    "diff", DiffCommand(), group: .history, summary: "Tell what means something else between two commits.",
    discussion: """
      The trees of the two commits are compared, whatever lies between them. Not lines are compared but compiled \
      forms: comments, layout and moved files change nothing. What differs is told for each environment; segments and \
      the project are the same in every one.
      """,
    operands: [CommandOperand("A..B", help: "the two commits; one that is left out is HEAD")],
    options: [
      .value(
        "environment", short: "e", "NAME", completion: .environments, category: .filter, \.environment,
        help: "only what concerns this environment"),
      .flag("exit-code", \.tellsByStatus, help: "end with status 1 when something differs"),
      .flag("impact", \.tellsImpact, help: "also tell who is affected, as check does"),
      .value(
        "now", "TIME", \.now, help: "the moment at which both are evaluated, with --impact (default: the present)"),
    ],
    formats: [.text, .json],
    json: DiffSheet.fields + PlanJSON.fields.filter { field in !DiffSheet.fields.contains { $0.path == field.path } },
    examples: [
      ("diff HEAD~1..HEAD", "what the newest commit changed"),
      ("diff v1.4.0..main --impact", "and who gets something else"),
      ("diff origin/main..HEAD -e production --exit-code", "whether a branch touches production"),
    ], isPaged: true)
}
