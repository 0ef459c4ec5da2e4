internal import Ensign
internal import FlagCompiler
internal import FlagSource

/// `ensign compile`.
struct CompileCommand: CommandBody {
  var environment: String?
  var isForAll = false
  var revision: String?
  var out: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    switch (environment, isForAll) {
    case (nil, false): throw .usage("compile needs to know what: --environment NAME, or --all")
    case (_?, true): throw .usage("--environment and --all exclude each other")
    default: break
    }
    if isForAll, out == nil {
      throw .usage("--all needs --out DIR: the folder for a snapshot of each environment")
    }
    let source = try session.checkedSource(revision: revision)
    let snapshots = try Progress.during("ensign: compiling …", in: session) { () throws(CommandError) in
      if let environment { [try source.compiled(for: environment)] } else { try source.compiled() }
    }
    for snapshot in snapshots { try write(snapshot, in: session) }
    return .done
  }

  private func write(_ snapshot: CompiledEnvironment, in session: Session) throws(CommandError) {
    guard let out else {
      session.console.output.write(snapshot.bytes)
      session.detail("\(snapshot.environment): \(Plural.of(snapshot.bytes.count, "byte"))")
      return
    }
    let path = isForAll ? FileSystem.join(out, snapshot.environment + ".json") : out
    do throws(FileError) {
      let absolute = session.console.absolute(path)
      if isForAll { try FileSystem.makeFolder(session.console.absolute(out)) }
      try ReplacedFile.write(snapshot.bytes, to: absolute)
    } catch {
      throw error.asCommandError
    }
    let size = Plural.of(snapshot.bytes.count, "byte")
    session.summary("\(snapshot.environment): \(path), \(size), sha256 \(SHA256.hexadecimal(snapshot.bytes))")
  }
}

extension Command {
  static let compile = Command(
    "compile", CompileCommand(), group: .deliver, summary: "Compile environments into snapshots.",
    discussion: """
      A snapshot is canonical JSON (RFC 8785): the same tree gives the same bytes, on any machine. It is written to \
      standard output, or to --out: beside the target first, then renamed, so that a reader sees the old snapshot or \
      the new one. A tree with errors is refused; they are reported as by 'ensign validate'.
      """,
    options: [
      .value("environment", short: "e", "NAME", completion: .environments, \.environment, help: "the environment"),
      .flag("all", \.isForAll, help: "every environment of the manifest"),
      .value("rev", "REV", \.revision, help: "a commit instead of the working tree; nothing is checked out"),
      .value("out", short: "o", "PATH", completion: .file, \.out, help: "the file; with --all the folder"),
    ],
    examples: [
      ("compile --environment production --out production.json", "one environment, from the working tree"),
      ("compile --all --out snapshots --rev v1.2.0", "every environment, as it was at a tag"),
    ])
}
