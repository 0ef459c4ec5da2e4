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
    if let out {
      try write(snapshots, to: out, in: session)
    } else {
      for snapshot in snapshots {
        session.console.output.write(snapshot.bytes)
        session.detail("\(snapshot.environment): \(Plural.of(snapshot.bytes.count, "byte"))")
      }
    }
    return .done
  }

  private func write(_ snapshots: [CompiledEnvironment], to out: String, in session: Session) throws(CommandError) {
    // The digests are made while the disk is waited for.
    let (digests, written) = Threads.alongside(
      { snapshots.map { SHA256.hexadecimal($0.bytes) } },
      {
        Result { () throws(FileError) in
          try snapshots.map { snapshot throws(FileError) in try write(snapshot, to: out, in: session) }
        }
      })
    let paths: [String]
    do throws(FileError) {
      paths = try written.get()
    } catch {
      throw error.asCommandError
    }
    for ((snapshot, path), digest) in zip(zip(snapshots, paths), digests) {
      let size = Plural.of(snapshot.bytes.count, "byte")
      session.summary("\(snapshot.environment): \(path), \(size), sha256 \(digest)")
    }
  }

  /// Writes a snapshot; returns the path of its file, as the options have it.
  private func write(
    _ snapshot: CompiledEnvironment, to out: String, in session: Session
  ) throws(FileError) -> String {
    let path = isForAll ? FileSystem.join(out, snapshot.environment + ".json") : out
    if isForAll { try FileSystem.makeFolder(session.console.absolute(out)) }
    try ReplacedFile.write(snapshot.bytes, to: session.console.absolute(path))
    return path
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
