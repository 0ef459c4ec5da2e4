internal import Ensign
internal import FlagEditor
internal import FlagHistory
internal import FlagSource

/// What the commands that make new files of a tree share.
enum Scaffold {
  /// Refuses keys that are none and keys that are taken, in whatever case.
  static func check(
    _ key: String, of what: String, among known: [(key: String, file: String)]
  ) throws(CommandError) {
    if let problem = KeyCharacters.problem(in: key) { throw .invalidKey(key, of: what, problem) }
    for (other, file) in known where other.lowercased() == key.lowercased() {
      throw .refused(
        other == key
          ? "the \(what) '\(key)' exists already" : "the \(what) '\(other)' differs from '\(key)' by case only",
        help: "see \(file)")
    }
  }

  /// The path of a key's file below the folder of its kind.
  static func place(_ folder: String?, _ key: String) throws(CommandError) -> String {
    guard let folder else { return key + ".yaml" }
    let components = folder.split(separator: "/").map(String.init)
    for component in components where KeyCharacters.problem(in: component) != nil {
      throw .usage("--folder \(folder): '\(component)' is no name of a folder in a flags tree")
    }
    return (components + [key + ".yaml"]).joined(separator: "/")
  }

  /// Writes files that must not exist yet, and names each on standard output; or commits or shows them, as an edit.
  static func write(
    _ files: [(path: String, text: String)], of subject: SemanticChange.Subject, headline: String,
    _ options: EditOptions, in location: TreeLocation, _ session: Session
  ) throws(CommandError) {
    if options.commits || options.isDryRun {
      let plan = EditPlan(
        subject: subject, environment: nil,
        edits: files.map { FileEdit(path: $0.path, .create(Array($0.text.utf8))) }, headline: headline,
        unchanged: "nothing is new")
      _ = try Editing(session: session, options: options).run { _, _ in plan }
      return
    }
    try options.check()
    let files = files.map { (FileSystem.join(location.root, $0.path), $0.text) }
    for (path, _) in files where FileSystem.kind(of: path) != nil {
      throw .refused("\(session.console.shown(path)) exists already; nothing was written")
    }
    do throws(FileError) {
      for (path, text) in files {
        try FileSystem.create(path, Array(text.utf8))
        session.console.output.line(session.console.shown(path))
      }
    } catch {
      throw error.asCommandError
    }
  }

  /// A text as a YAML scalar: JSON's form of it, which YAML understands.
  static func quoted(_ text: String) -> String {
    JSONValue.string(text).description
  }
}
