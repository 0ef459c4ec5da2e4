internal import Ensign
internal import FlagCompiler
internal import FlagServer
internal import FlagSource

/// What the exports have in common: which environment of which tree, and where the document goes.
protocol ExportingBody: CommandBody {
  var export: ExportArguments { get set }
}

/// The options of exports.
struct ExportArguments: Sendable {
  var environment: String?
  var revision: String?
  var out: String?

  static func options<Body: ExportingBody>() -> [OptionDeclaration<Body>] {
    [
      .value(
        "environment", short: "e", "NAME", completion: .environments, \.export.environment, help: "the environment"),
      .value("rev", "REV", \.export.revision, help: "a commit instead of the working tree; nothing is checked out"),
      .value("out", short: "o", "FILE", completion: .file, \.export.out, help: "the file (default: standard output)"),
    ]
  }

  /// The tree, and the compiled environment.
  func compiled(in session: Session) throws(CommandError) -> (source: CheckedSource, snapshot: CompiledEnvironment) {
    guard let environment else { throw .usage("an --environment is needed: flags differ between environments") }
    let source = try session.checkedSource(revision: revision)
    return (source, try source.compiled(for: environment))
  }

  /// Writes the document to the file or to standard output, with a line end.
  func write(_ document: [UInt8], in session: Session) throws(CommandError) {
    guard let out else { return session.console.output.write(document + [UInt8(ascii: "\n")]) }
    do throws(FileError) {
      try ReplacedFile.write(document + [UInt8(ascii: "\n")], to: session.console.absolute(out))
    } catch {
      throw error.asCommandError
    }
  }
}

/// `ensign export flagd`.
struct ExportFlagdCommand: ExportingBody {
  var export = ExportArguments()
  var isPartial = false

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let (source, snapshot) = try export.compiled(in: session)
    let digest = SHA256.hexadecimal(snapshot.bytes)
    let made: FlagdExport
    do throws(JSONError) {
      made = try FlagdExport(snapshot.bytes, version: source.commit ?? digest)
    } catch {
      throw .environment("the compiled snapshot cannot be read: \(error)")
    }
    for omission in made.omissions { session.console.message("\(omission.flag): \(omission.reason)") }
    guard made.omissions.isEmpty || isPartial else {
      throw .refused(
        "\(Plural.of(made.omissions.count, "flag")) cannot be said in flagd's language",
        help: "with --partial they are left out, and their readers get the code default")
    }
    if !made.percentages.isEmpty {
      session.summary(
        "percentages of \(made.percentages.joined(separator: ", ")): flagd's own hash decides, so that the shares are "
          + "the same, and who is in them is not")
    }
    try export.write(made.document, in: session)
    return .done
  }
}

/// `ensign export openfeature`.
struct ExportOpenFeatureCommand: ExportingBody {
  var export = ExportArguments()

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let (source, snapshot) = try export.compiled(in: session)
    var descriptions: [String: String] = [:]
    for definition in source.tree.definitions { descriptions[definition.key] = definition.description }
    let manifest: OpenFeatureManifest
    do throws(JSONError) {
      manifest = try OpenFeatureManifest(snapshot.bytes, descriptions: descriptions)
    } catch {
      throw .environment("the compiled snapshot cannot be read: \(error)")
    }
    try export.write(manifest.file, in: session)
    return .done
  }
}

extension Command {
  static let exportFlagd = Command(
    "export flagd", ExportFlagdCommand(), group: .deliver,
    summary: "Write an environment as flag definitions of flagd.",
    discussion: """
      The document is for the daemon flagd and for the file mode of its providers. It gives the values that Ensign \
      gives, for contexts whose attributes are of the declared types; percentages are decided by flagd's own hash: the \
      same shares, other contexts. A flag that flagd's language cannot say (patterns, comparisons whatever the case, \
      addresses, ramps that rise steadily) is refused with the reason, or left out with --partial.
      """,
    options: ExportArguments.options() + [
      .flag("partial", \.isPartial, help: "leave out flags that cannot be said")
    ],
    examples: [("export flagd --environment staging --partial --out flagd.json", "for a provider in file mode")])

  static let exportOpenFeature = Command(
    "export openfeature", ExportOpenFeatureCommand(), group: .deliver,
    summary: "Write an environment's flags as a manifest of the OpenFeature command line.",
    discussion: """
      From the manifest 'openfeature generate' makes typed code for a service: a function for each flag, with its code \
      default, which is the value of the flag's off variant.
      """,
    options: ExportArguments.options(),
    examples: [("export openfeature --environment production --out flags.json", "for 'openfeature generate'")])
}
