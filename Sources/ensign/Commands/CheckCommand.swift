internal import Ensign
internal import FlagReview
internal import FlagSource

/// `ensign check`: the one step of a CI job.
struct CheckCommand: CommandBody {
  var base: String?
  var revision: String?
  var reportsAll = false
  var failOn: Finding.Level?
  var baseline: String?
  var newBaseline: String?
  var population: String?
  var showsConflicts = false
  var now: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    if base == nil {
      if population != nil { throw .usage("--population counts who moves; it takes --base") }
      if showsConflicts { throw .usage("--conflicts is about the flags that a change touches; it takes --base") }
    }
    var review = try Review(
      ReviewRequest(
        base: base, revision: revision, reportsAll: reportsAll || base == nil, failOn: failOn ?? .error,
        population: try contexts(session), findsConflicts: showsConflicts,
        moment: try now.map { text throws(CommandError) in try Moment.instant(text, of: "now") } ?? .now()), in: session
    )
    if let newBaseline {
      let baseline = Baseline(of: review.report)
      do throws(FileError) {
        try ReplacedFile.write(baseline.document, to: session.console.absolute(newBaseline))
      } catch {
        throw error.asCommandError
      }
      session.summary("wrote \(Plural.of(baseline.count, "finding")) to \(newBaseline)")
      review.keepNew(beside: baseline, in: session)
    } else if let baseline {
      review.keepNew(beside: try read(baseline, session), in: session)
    }
    try CheckSheet(review: review).write(in: session)
    return review.isFailed ? .findings : .done
  }

  private func read(_ path: String, _ session: Session) throws(CommandError) -> Baseline {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileSystem.read(session.console.absolute(path), limit: Baseline.greatestSize)
    } catch {
      throw error.asCommandError
    }
    do throws(Baseline.Failure) {
      return try Baseline(bytes)
    } catch {
      throw .environment(
        "\(path) is no baseline: \(error.reason)", help: "write one with: ensign check --all --write-baseline \(path)")
    }
  }

  /// The contexts of `--population`, one JSON object a line.
  private func contexts(_ session: Session) throws(CommandError) -> [Context] {
    guard let population else { return [] }
    var contexts: [Context] = []
    do throws(FileError) {
      let input = try InputFile(population, session.console)
      var lines = LineReader(
        ChunkReader(descriptor: input.descriptor, name: input.name), limit: Context.maximumSize)
      var number = 0
      while let line = try lines.next() {
        number += 1
        guard case .bytes(let bytes) = line else {
          throw FileError("read", input.name, reason: "line \(number) has more than \(Context.maximumSize) bytes")
        }
        if bytes.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
        do throws(ContextError) {
          contexts.append(try Context(json: bytes))
        } catch {
          throw FileError("read", input.name, reason: "line \(number): \(error)")
        }
      }
    } catch {
      throw error.asCommandError
    }
    if contexts.isEmpty { throw .environment("--population \(population): there is no context in it") }
    return contexts
  }
}

extension Command {
  static let check = Command(
    "check", CheckCommand(), group: .author, summary: "Check a change: tree, tests, who is affected, policies.",
    discussion: """
      The one step of a CI job. The tree is validated, the flag tests are run, and what the flags do is analysed. With \
      --base the change is compared with the newest commit that it has in common with that revision: for each \
      environment and flag, what changed and who gets something else. The base's policies in ensign.yaml are applied \
      to it.

      Findings are those of what the change touches: its files, the flags that it reaches, and what it made wrong \
      elsewhere. Errors are always reported. Without --base everything is.

      The exit status is 0 when no finding is at or above --fail-on, 1 when one is, and 2 when the check could not be \
      made.
      """,
    options: [
      .value("base", "REF", \.base, help: "what the change will be merged into, such as origin/main"),
      .value("rev", "REV", \.revision, help: "a commit instead of the working tree; nothing is checked out"),
      .flag("all", \.reportsAll, help: "report findings everywhere, not only about what the change touches"),
      .choice(
        "fail-on", "LEVEL", \.failOn,
        help: "exit with 1 when there is a finding of this level or above (default: error)"),
      .value(
        "baseline", "FILE", completion: .file, \.baseline, help: "report only findings that are not in this file"),
      .value(
        "write-baseline", "FILE", completion: .file, \.newBaseline,
        help: "write the findings that are no errors to this file, for --baseline"),
      .value(
        "population", "FILE", completion: .file, \.population,
        help: "contexts of real users, one JSON object a line, of whom those that move are counted; - is the input"),
      .flag("conflicts", \.showsConflicts, help: "also name other local branches that change the same flags"),
      .value("now", "TIME", \.now, help: "the moment of the comparison and of freezes (default: the present)"),
    ],
    formats: [.text, .json, .markdown, .github, .gitlab, .sarif, .junit, .rdjson], json: CheckSheet.fields,
    examples: [
      ("check", "the tree at hand, with nothing to compare"),
      ("check --base origin/main", "what a pull request would bring"),
      ("check --base origin/main --format markdown", "as the comment on it"),
    ])
}
