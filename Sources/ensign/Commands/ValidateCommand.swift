internal import FlagSource

/// `ensign validate [FILE…]`.
struct ValidateCommand: CommandBody {
  var revision: String?
  var appliesFixes = false
  var failOn: Finding.Level?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    if appliesFixes, revision != nil { throw .usage("--fix changes the working tree; it does not go with --rev") }
    if appliesFixes, !operands.isEmpty { throw .usage("--fix is for the whole tree; it does not go with a FILE") }
    let (location, validation) = try appliesFixes ? fixed(in: session) : validation(in: session)
    var report = Report(
      validation, prefix: location.pathPrefix, isColored: session.style.isColored, failOn: failOn ?? .error)
    report.findings = try filtered(report, by: operands, location, session)
    session.console.output.write(session.format.report.render(report))
    if session.format == .github { try JobSummary.append(ReportFormat.markdown.render(report), in: session) }
    return report.isFailed ? .findings : .done
  }

  private func validation(in session: Session) throws(CommandError) -> (TreeLocation, Validation) {
    // What is wrong is all that is asked for: nothing is kept of a config.
    let source = try session.digestedSource(revision: revision) { NoDigest() }
    return (source.location, source.validation)
  }

  /// Applies the safe fixes, and says what is left.
  private func fixed(in session: Session) throws(CommandError) -> (TreeLocation, Validation) {
    let location = try session.tree()
    let fixing: Fixing
    do throws(FileAccessError) {
      fixing = try Progress.during("ensign: fixing …", in: session) { () throws(FileAccessError) in
        try Fixing.run(WorkingTreeFiles(root: location.root))
      }
    } catch {
      throw .unreadable(error, in: location)
    }
    do throws(FileError) {
      for change in fixing.changes {
        try ReplacedFile.write(change.bytes, to: FileSystem.join(location.root, change.path))
        session.detail("changed \(location.pathPrefix)\(change.path)")
      }
    } catch {
      throw error.asCommandError
    }
    for note in fixing.notes {
      session.console.message("ensign: \(location.pathPrefix)\(note.path) was left as it is: \(note.reason)")
    }
    let count = Plural.of(fixing.applied.count, "finding")
    session.summary("fixed \(count) in \(Plural.of(fixing.changes.count, "file"))")
    return (location, fixing.validation)
  }

  /// The findings in the files and folders that are named.
  private func filtered(
    _ report: Report, by paths: [String], _ location: TreeLocation, _ session: Session
  ) throws(CommandError) -> [Finding] {
    if paths.isEmpty { return report.findings }
    var wanted: [String] = []
    for path in paths {
      let absolute = session.console.canonical(path)
      guard absolute == location.root || absolute.hasPrefix(location.root + "/") else {
        throw .usage("\(path) is not in the flags tree \(session.console.shown(location.root))")
      }
      if revision == nil, FileSystem.kind(of: absolute) == nil { throw .environment("there is no \(path)") }
      wanted.append(String(absolute.dropFirst(location.root.count + 1)))
    }
    return report.findings.filter { finding in
      let file = report.files.path(of: finding.file)
      return wanted.contains { $0.isEmpty || file == $0 || file.hasPrefix($0 + "/") }
    }
  }
}

extension Command {
  static let validate = Command(
    "validate", ValidateCommand(), group: .author, summary: "Check the whole tree.",
    discussion: """
      Every mistake of every file is reported in one run, each at its line and column. A tree without findings gives no \
      output. The rules are explained by 'ensign rules'; a comment '# ensign: allow W003 reason' on a line takes a \
      warning of that line back.

      Files and folders that are named restrict the report, not the check: the whole tree is read all the same.
      """,
    operands: [
      CommandOperand("FILE", .any, completion: .file, help: "report findings in these files and folders only")
    ],
    options: [
      .value("rev", "REV", \.revision, help: "a commit instead of the working tree; nothing is checked out"),
      .flag("fix", \.appliesFixes, help: "apply the safe fixes first: those that change no evaluation"),
      .choice(
        "fail-on", "LEVEL", \.failOn,
        help: "exit with 1 when there is a finding of this level or above (default: error)"),
    ],
    formats: [.text, .json, .markdown, .github, .gitlab, .sarif, .junit, .rdjson],
    json: ReportFields.all,
    examples: [
      ("validate", "the tree at hand"), ("validate --rev main~1", "the tree of a commit"),
      ("validate --format github", "as annotations, in a workflow"),
      ("validate --format sarif", "for a code scanning service or an editor"),
    ])
}
