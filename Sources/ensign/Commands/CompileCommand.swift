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
    let task = try task()
    let wanted = environment.map { [$0] }
    let source = try session.digestedSource(revision: revision) { ConfigWriter(for: wanted) }
    guard let tree = source.tree else { throw session.refused(source.validation, source.location) }
    let paths: [(environment: String, path: String)]
    var folder: String?
    switch task {
    case .print(let environment):
      try print(environment, of: tree, in: session)
      return .done
    case .write(let environment, let file):
      try tree.tree.requireEnvironment(environment)
      paths = [(environment, file)]
    case .writeAll(let out):
      folder = out
      paths = tree.tree.manifest.environments.map { ($0.value, FileSystem.join(out, $0.value + ".json")) }
    }
    for (name, snapshot) in zip(paths, try write(paths, making: folder, of: tree, in: session)) {
      let size = Plural.of(snapshot.size, "byte")
      session.summary("\(name.environment): \(name.path), \(size), sha256 \(snapshot.sha256)")
    }
    return .done
  }

  /// What is asked for, and where it goes.
  private enum Task {
    case print(String)
    case write(String, to: String)
    case writeAll(into: String)
  }

  private func task() throws(CommandError) -> Task {
    switch (environment, isForAll, out) {
    case (nil, false, _): throw .usage("compile needs to know what: --environment NAME, or --all")
    case (_?, true, _): throw .usage("--environment and --all exclude each other")
    case (nil, true, nil): throw .usage("--all needs --out DIR: the folder for a snapshot of each environment")
    case (nil, true, let folder?): return .writeAll(into: folder)
    case (let environment?, false, nil): return .print(environment)
    case (let environment?, false, let file?): return .write(environment, to: file)
    }
  }

  private func print(
    _ environment: String, of tree: DigestedTree<WrittenConfigs>, in session: Session
  ) throws(CommandError) {
    let snapshots = try Progress.during("ensign: compiling …", in: session) { () throws(CommandError) in
      try compile(tree, [environment]) { _ in SnapshotBytes() }
    }
    UntilExit.keep(snapshots)
    for bytes in snapshots {
      session.console.output.write(bytes)
      session.detail("\(environment): \(Plural.of(bytes.count, "byte"))")
    }
  }

  /// Compiles environments, and replaces their files once all are written.
  ///
  /// - Parameter folder: made before; nil for none.
  private func write(
    _ paths: [(environment: String, path: String)], making folder: String?, of tree: DigestedTree<WrittenConfigs>,
    in session: Session
  ) throws(CommandError) -> [Written] {
    let written: Result<[Written], CommandError>
    do throws(FileError) {
      if let folder { try FileSystem.makeFolder(session.console.absolute(folder)) }
      written = try ReplacedFile.write(paths.map { session.console.absolute($0.path) }) { files in
        Result { () throws(CommandError) in
          try Progress.during("ensign: compiling …", in: session) { () throws(CommandError) in
            try fill(files, with: paths.map(\.environment), of: tree)
          }
        }
      }
    } catch {
      throw error.asCommandError
    }
    return try written.get()
  }

  /// Writes each environment into its file, with its digest, while it is compiled.
  private func fill(
    _ files: [PreparedFile], with environments: [String], of tree: DigestedTree<WrittenConfigs>
  ) throws(CommandError) -> [Written] {
    let files = Dictionary(uniqueKeysWithValues: zip(environments, files))
    let results = try compile(tree, environments) { FileSink(file: files[$0]) }
    do throws(FileError) {
      return try results.map { result throws(FileError) in try result.get() }
    } catch {
      throw error.asCommandError
    }
  }

  private func compile<Sink: SnapshotSink>(
    _ tree: DigestedTree<WrittenConfigs>, _ environments: [String], into sink: @Sendable (String) -> Sink
  ) throws(CommandError) -> [Sink.Taken] {
    do throws(CompilationError) {
      return try SnapshotCompiler.compileAll(tree, environments: environments, into: sink)
    } catch {
      throw .compilation(error)
    }
  }

  /// A snapshot's file.
  private struct Written {
    var size = 0
    var sha256 = ""
  }

  /// Writes a snapshot into its file, as it comes.
  private struct FileSink: SnapshotSink {
    let file: PreparedFile?
    private var digest = SHA256()
    private var size = 0
    private var failure: FileError?

    init(file: PreparedFile?) { self.file = file }

    mutating func take(_ bytes: ArraySlice<UInt8>) {
      size += bytes.count
      digest.update(bytes)
      attempt { file throws(FileError) in try file?.append(bytes) }
    }

    consuming func finish() -> Result<Written, FileError> {
      attempt { file throws(FileError) in try file?.finish() }
      if let failure { return .failure(failure) }
      return .success(Written(size: size, sha256: Hexadecimal.encode(digest.digest())))
    }

    /// Does nothing more after a failure.
    private mutating func attempt(_ action: (PreparedFile?) throws(FileError) -> Void) {
      guard failure == nil else { return }
      do throws(FileError) { try action(file) } catch { failure = error }
    }
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
