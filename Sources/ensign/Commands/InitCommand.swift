internal import FlagSource

/// `ensign init [DIR]`.
struct InitCommand: CommandBody {
  var ci: ContinuousIntegration?
  var project: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let root = session.console.canonical(operands.first ?? "flags")
    let location = TreeLocation(root: root)
    let project = try project.map { name throws(CommandError) in try checked(name) } ?? projectName(of: location)
    var files = StarterTree.files(project: project).map { (FileSystem.join(root, $0.path), $0.text) }
    if let ci {
      let top = location.repository ?? FileSystem.parent(of: root) ?? "/"
      files.append((FileSystem.join(top, ci.path), ci.workflow(treeName: location.name)))
    }
    for (path, _) in files where FileSystem.kind(of: path) != nil {
      throw .refused(
        "\(session.console.shown(path)) exists already; nothing was written", help: "ensign init makes new trees only")
    }
    do throws(FileError) {
      for (path, text) in files {
        try FileSystem.create(path, Array(text.utf8))
        session.console.output.line(session.console.shown(path))
      }
    } catch {
      throw error.asCommandError
    }
    session.summary("next: ensign validate, ensign test")
    return .done
  }

  private func checked(_ name: String) throws(CommandError) -> String {
    if let problem = KeyCharacters.problem(in: name) { throw .invalidKey(name, of: "project", problem) }
    return name
  }

  /// The name of the folder around the tree, as far as it may stand in a manifest.
  private func projectName(of location: TreeLocation) -> String {
    let top = location.repository ?? FileSystem.parent(of: location.root) ?? "/"
    let name = top.split(separator: "/").last.map(String.init) ?? ""
    return KeyCharacters.problem(in: name) == nil ? name : "project"
  }
}

extension CommandError {
  /// A key that may not stand in a flags tree.
  static func invalidKey(_ key: String, of what: String, _ problem: String) -> Self {
    .usage(
      "'\(key)' cannot be the key of a \(what): \(problem)",
      help: "use letters, digits, '-', '_' and '.', beginning with a letter or digit, 128 bytes at most")
  }
}

extension Command {
  static let initialize = Command(
    "init", InitCommand(), group: .author, summary: "Make a new flags tree.",
    discussion: """
      The tree has one flag, one segment, three environments and a test; it validates without a finding and its test \
      passes. Every file that was written is named on standard output. Nothing that exists is overwritten.
      """,
    operands: [CommandOperand("DIR", .optional, completion: .folder, help: "the folder of the tree (default: flags)")],
    options: [
      .choice("ci", "SERVICE", \.ci, help: "also write a workflow that validates, tests and compiles the tree"),
      .value("project", "NAME", \.project, help: "the project's name (default: that of the folder around the tree)"),
    ],
    examples: [
      ("init", "a tree in flags/"),
      ("init --ci github", "the same, with .github/workflows/flags.yml"),
    ])
}
