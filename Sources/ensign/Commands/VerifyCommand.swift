internal import Ensign
internal import FlagCompiler
internal import FlagHistory
internal import FlagPublisher
internal import FlagSource
internal import Git

/// `ensign verify`.
struct VerifyCommand: CommandBody {
  var trust: String?
  var environments: [String] = []
  var project: String?
  var snapshot: String?
  var isRebuilt = false
  var isExplained = false
  var now: String?
  var tokenFile: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    guard let trust else {
      throw .usage(
        "verify needs the trust file that you rely on: --trust FILE",
        help: "take it from where nobody who can write into the store could have changed it")
    }
    let target = VerificationTarget(
      operand: operands.first ?? "", anchor: try session.envelope(trust, of: "--trust"), anchorPath: trust,
      environments: environments, project: project, snapshot: snapshot, tokenFile: tokenFile,
      now: try session.time(now))
    if isExplained {
      if isRebuilt { throw .usage("--explain prints commands for others to run; it does not go with --rebuild") }
      session.console.output.write(try target.script(in: session))
      return .done
    }
    var sheet = VerificationSheet(report: try target.verify(in: session))
    if isRebuilt { sheet.rebuilds = try Rebuild.all(of: sheet.report, in: session) }
    switch session.format {
    case .json: session.console.output.write(sheet.document())
    default: session.console.output.write(sheet.text(session.style))
    }
    return sheet.verdict == .current ? .done : .findings
  }
}

extension Command {
  static let verify = Command(
    "verify", VerifyCommand(), group: .publish, summary: "Verify a published store, or a file of one.",
    discussion: """
      Of a store, in a folder or behind an address, the chain of trust is followed from the file of --trust on; then of \
      each environment the newest manifest, its numbered copy, the snapshot and its compressed variants are verified. An \
      address cannot be listed: name the environments. A file is a manifest, or a trust file that follows --trust.

      The verdicts are the words that clients report: CURRENT when all is well, STALE, UNTRUSTED, TAMPERED and so on.

      --rebuild compiles the commit that the manifest names again, from the repository, and compares the bytes: whoever \
      can read the repository can prove that what is published is what was reviewed.

      --explain prints a script that verifies the same with jq, openssl and sha256sum instead.
      """,
    operands: [
      CommandOperand("FILE|STORE|URL", completion: .file, help: "a manifest, a trust file, or a store")
    ],
    options: [
      .value("trust", "FILE", completion: .file, \.trust, help: "the trust file that you rely on"),
      .values(
        "environment", short: "e", "NAME", completion: .environments, \.environments,
        help: "an environment; repeatable (default: all of the store)"),
      .value("project", "NAME", \.project, help: "the project that manifests must name"),
      .value(
        "snapshot", "FILE", completion: .file, \.snapshot, help: "the snapshot that the manifest in FILE must name"),
      ServerToken.option(\.tokenFile),
      .flag("rebuild", \.isRebuilt, help: "compile the commit again, and compare the bytes"),
      .flag("explain", \.isExplained, help: "print a script that verifies it without this program"),
      .value("now", "TIME", \.now, help: "the present, such as 2026-12-01T09:00:00Z (default: the clock's)"),
    ],
    formats: [.text, .json], json: VerificationSheet.fields,
    examples: [
      ("verify store --trust trust.json", "everything in a store"),
      ("verify https://flags.example.com --trust trust.json -e production", "what clients get"),
      ("verify store --trust trust.json -e production --rebuild", "that it was built from its commit"),
    ])
}
