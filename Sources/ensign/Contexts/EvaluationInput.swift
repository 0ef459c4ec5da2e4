internal import Ensign
internal import FlagCompiler
internal import FlagSource

/// A command that evaluates flags.
protocol EvaluatingBody: CommandBody {
  var input: EvaluationInput { get set }
}

/// The options that such commands share: what is evaluated, for whom, and when.
struct EvaluationInput: Sendable {
  var environment: String?
  var revision: String?
  var at: String?
  var snapshot: String?
  var contexts: [String] = []
  var now: String?

  static func options<Body: EvaluatingBody>() -> [OptionDeclaration<Body>] {
    [
      .value(
        "environment", short: "e", "NAME", completion: .environments, \.input.environment, help: "the environment"),
      .value("rev", "REV", \.input.revision, help: "a commit instead of the working tree; nothing is checked out"),
      .value(
        "at", "COMMIT|TIME", \.input.at,
        help: "what it was then: a commit, or a date or an instant, which stands for the newest commit of HEAD's first "
          + "parents that is not later, and for --now"),
      .value(
        "snapshot", "FILE", completion: .file, \.input.snapshot, help: "a compiled snapshot instead of the flags tree"),
      .values(
        "context", short: "c", "CONTEXT", \.input.contexts,
        help: "who is asking: a JSON object, @FILE with one, or name=value; repeatable"),
      .value("now", "TIME", \.input.now, help: "the moment of evaluation (default: the present)"),
    ]
  }

  /// What `--now` says; without it the time of `--at`, or else the present, asked for once.
  func moment() throws(CommandError) -> Timestamp {
    guard let now else { return at.flatMap(Moment.instant) ?? Timestamp.now() }
    do throws(GrammarError) {
      return try Timestamp(now)
    } catch {
      throw .usage("--now \(now): \(error)", help: "write an instant of RFC 3339, such as 2026-12-01T09:00:00Z")
    }
  }

  /// The context of the options and of the operands that belong to it.
  func context(
    _ operands: [String], by source: EvaluationSource, at moment: Timestamp, _ session: Session
  ) throws(CommandError) -> Context {
    let arguments = ContextArguments(types: source.attributeTypes, console: session.console)
    var context = try arguments.context(from: contexts + operands)
    context.now = moment
    return context
  }

  /// Loads the snapshot file, or compiles the environment.
  func source(in session: Session) throws(CommandError) -> EvaluationSource {
    if let snapshot {
      if revision != nil { throw .usage("--snapshot and --rev exclude each other") }
      if at != nil { throw .usage("--snapshot and --at exclude each other") }
      return try load(file: snapshot, in: session)
    }
    guard let environment else {
      throw .usage("an --environment is needed, or a --snapshot, which is of one")
    }
    if revision != nil, at != nil { throw .usage("--rev and --at exclude each other") }
    let source =
      if let at { try session.checkedSource(at: at) } else { try session.checkedSource(revision: revision) }
    let compiled = try source.compiled(for: environment)
    return EvaluationSource(
      snapshot: compiled.snapshot, sha256: SHA256.hexadecimal(compiled.bytes), commit: source.commit,
      attributeTypes: source.tree.manifest.attributes.mapValues(\.type.value))
  }

  private func load(file: String, in session: Session) throws(CommandError) -> EvaluationSource {
    if file.hasPrefix("http://") || file.hasPrefix("https://") {
      throw .usage(
        "--snapshot \(file): snapshots are read from files only",
        help: "fetch it first, for example with curl, and name the file")
    }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileSystem.read(session.console.absolute(file), limit: SnapshotLimits.size)
    } catch {
      throw error.asCommandError
    }
    let snapshot: Snapshot
    do throws(SnapshotError) {
      snapshot = try Snapshot(bytes)
    } catch {
      throw .refused("\(file): this is no snapshot that can be read: \(error)")
    }
    if let environment, environment != snapshot.environment {
      throw .usage("--environment \(environment): the snapshot is of the environment '\(snapshot.environment)'")
    }
    return EvaluationSource(
      snapshot: snapshot, sha256: SHA256.hexadecimal(bytes), commit: nil, attributeTypes: types(in: bytes))
  }

  /// The types that a snapshot declares.
  ///
  /// It was loaded before, so it is well formed.
  private func types(in bytes: [UInt8]) -> [String: FlagSource.AttributeType] {
    let members = (try? JSONValue(parsing: bytes))?["attributes"]?.object ?? []
    var types: [String: FlagSource.AttributeType] = [:]
    for member in members {
      if let type = member.value.string.flatMap(FlagSource.AttributeType.init(rawValue:)) { types[member.key] = type }
    }
    return types
  }
}
