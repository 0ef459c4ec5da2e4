internal import Ensign
internal import FlagHistory
internal import FlagSource
internal import Git

/// `ensign log [FLAG]`.
struct LogCommand: CommandBody {
  var segment: String?
  var environment: String?
  var author: String?
  var since: String?
  var limit: String?
  var revision: String?
  var refusesCache = false

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let limit = try count()
    let since = try since.map { text throws(CommandError) in try Moment.instant(text, of: "since") }
    // A commit of the second in which the instant lies counts when the instant is its beginning.
    let filter = FlagLog.Filter(author: author, since: since.map { ($0.milliseconds + 999) / 1000 })
    let scope = HistoryScope(flag: operands.first, segment: segment, environment: environment)
    let found = try FoundRepository(in: session)
    let id = try found.resolve(revision ?? "HEAD")
    let cache = refusesCache ? nil : cache(of: found, scope, session)
    let explorer = found.explorer()
    do throws(GitError) {
      var log = try FlagLog(from: id, explorer, within: scope, filter: filter, expecting: limit, cache: cache)
      defer {
        keep(&log, cache, session)
        UntilExit.keep(log)
      }
      let shown =
        session.format == .json
        ? try writeJSON(&log, limit, session) : try writeText(&log, limit, session)
      warn(of: log, session)
      if shown == 0 { try explainNothing(scope, id, explorer, session) }
      return .done
    } catch {
      // What was found so far stands; nobody may take it for all.
      session.console.output.flush()
      throw .git(error)
    }
  }

  private func cache(
    of found: borrowing FoundRepository, _ scope: HistoryScope, _ session: Session
  ) -> HistoryCache? {
    HistoryCache(of: found.repository, folder: found.folder, environment: scope.environment, session.console)
  }

  /// Keeps what was found out, once it is told; that it cannot be kept harms nobody.
  private func keep(_ log: inout FlagLog, _ cache: HistoryCache?, _ session: Session) {
    session.console.output.flush()
    log.finish()
    guard session.globals.isVerbose, let reason = cache?.refusal ?? log.cacheFailure?.message else { return }
    session.console.message(
      "ensign: \(session.messageStyle.yellow("note")): what was found out is not remembered: \(reason)")
  }

  private func count() throws(CommandError) -> Int {
    guard let limit else { return .max }
    guard let count = Int(limit), count > 0 else {
      throw .usage("--limit \(limit): this is no number of commits", help: "write a whole number from 1 up")
    }
    return count
  }

  // MARK: Results

  private func writeText(
    _ log: inout FlagLog, _ limit: Int, _ session: Session
  ) throws(GitError) -> Int {
    var shown = 0
    while shown < limit, session.console.output.isOpen, let entry = try log.next() {
      if shown > 0 { session.console.output.write("\n") }
      let sheet = CommitSheet(entry: entry)
      session.console.output.write(sheet.text(session.style, isVerbose: session.globals.isVerbose))
      shown += 1
    }
    return shown
  }

  private func writeJSON(
    _ log: inout FlagLog, _ limit: Int, _ session: Session
  ) throws(GitError) -> Int {
    let output = session.console.output
    var shown = 0
    output.write("{\"commits\":[")
    while shown < limit, output.isOpen, let entry = try log.next() {
      var json = CanonicalJSON()
      CommitSheet(entry: entry).write(to: &json)
      if shown > 0 { output.write(",") }
      output.write(json.bytes)
      shown += 1
    }
    output.write("],\"cutOff\":\(JSONValue.array(log.cutOffs.map { .string($0.description) }))}\n")
    return shown
  }

  // MARK: Messages

  private func warn(of log: FlagLog, _ session: Session) {
    guard let first = log.cutOffs.first else { return }
    let more = log.cutOffs.count > 1 ? " and \(Plural.of(log.cutOffs.count - 1, "other commit"))" : ""
    session.console.message(
      "ensign: \(session.messageStyle.yellow("warning")): the history is cut off at \(first)\(more) (a shallow clone); "
        + "what was changed there and before is not known. Fetch the rest with 'git fetch --unshallow'.")
  }

  /// A mistyped name and a flag that never changed look the same in an empty list.
  private func explainNothing(
    _ scope: HistoryScope, _ id: ObjectID, _ explorer: TreeExplorer, _ session: Session
  ) throws(GitError) {
    let names = try explorer.names(in: id)
    func hint(_ what: String, _ name: String?, _ known: [String]) {
      guard let name, !known.contains(name) else { return }
      let nearest = NearestName.find(name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      session.console.message(
        "ensign: \(session.messageStyle.yellow("warning")): the newest commit has no \(what) '\(name)'\(nearest)")
    }
    hint("flag", scope.flag, names.flags)
    hint("segment", scope.segment, names.segments)
    hint("environment", scope.environment, names.environments)
  }
}

extension Command {
  static let log = Command(
    "log", LogCommand(), group: .history, summary: "Tell who changed what flags mean, and when.",
    discussion: """
      Every commit that changed something, newest first, in the order of 'git log'. Not lines are compared but compiled \
      forms: comments, layout and moved files change nothing, so a commit that only touches those is not listed. A \
      commit is listed when it differs from each of its parents; a merge is told as what it changed against the first.

      A file that cannot be read in some old commit is told as such, and the walk goes on. A damaged or missing object \
      ends the command with status 2. In a shallow clone, a warning says where the history is cut off.

      The signature of a commit is told: good when it was made with an SSH key (ssh-ed25519) that the first parent's \
      .ensign/allowed_signers allows, untrusted when it does not allow it, bad when it is not valid, unknown when it is \
      of a kind that is not verified.

      A segment is the same in every environment: its changes are told with --environment too. A flag may also \
      answer differently because of a segment or another flag that it requires: see their own log.
      """,
    operands: [CommandOperand("FLAG", .optional, completion: .flags, help: "only this flag (default: everything)")],
    options: [
      .value("segment", "KEY", completion: .segments, category: .filter, \.segment, help: "only this segment"),
      .value(
        "environment", short: "e", "NAME", completion: .environments, category: .filter, \.environment,
        help: "only what concerns this environment"),
      .value(
        "author", "TEXT", category: .filter, \.author, help: "only commits whose author's name or address has this text"
      ),
      .value(
        "since", "TIME", category: .filter, \.since,
        help: "only commits of this time or later: a date (from 00:00 UTC on) or an instant"),
      .value("limit", short: "n", "COUNT", category: .filter, \.limit, help: "so many commits at most"),
      .flag(
        "no-cache", \.refusesCache, help: "find out anew what each commit changed, and remember nothing of it"),
      .value("rev", "REV", \.revision, help: "the newest commit to look at (default: HEAD)"),
    ],
    formats: [.text, .json],
    json: CommitSheet.fields("commits[].") + [
      JSONField(
        "cutOff[]", "the commits at which a shallow clone cuts the history off; empty when all of it was walked")
    ],
    examples: [
      ("log checkout-v2 --environment production", "who turned this on, when, and why"),
      ("log --since 2026-11-16 --format json", "everything since Monday, for another program"),
      ("log --segment beta-testers --limit 5", "the last changes of a segment"),
    ], isPaged: true)
}
