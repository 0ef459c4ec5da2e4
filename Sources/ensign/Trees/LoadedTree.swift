internal import FlagSource

/// A flags tree as a command works with it: read, and placed.
struct LoadedTree {
  let location: TreeLocation
  /// What could be read.
  let tree: FlagsTree
  /// How many mistakes were found in the files.
  let errorCount: Int

  /// The path of a file as reports show it: relative to the repository's top.
  func shownPath(of file: FileReference) -> String {
    FileSystem.join(location.name, tree.files.path(of: file))
  }

  /// For commands that show what is there: says that files with errors are not shown whole.
  ///
  /// - Returns: the status that the command should end with.
  func reportErrors(in session: Session) -> CommandStatus {
    if errorCount == 0 { return .done }
    session.console.message(
      "ensign: \(session.messageStyle.yellow("warning")): \(Plural.of(errorCount, "error")) in the tree; what is shown "
        + "may lack something. See 'ensign validate'.")
    return .findings
  }
}

extension Session {
  /// Reads the tree of the working folder.
  func load() throws(CommandError) -> LoadedTree {
    let location = try tree()
    let reading: TreeReading
    do throws(FileAccessError) {
      reading = try TreeReader.read(WorkingTreeFiles(root: location.root))
    } catch {
      throw .unreadable(error, in: location)
    }
    guard let tree = reading.tree else {
      throw .refused("ensign.yaml has errors without which nothing else can be read", help: "see 'ensign validate'")
    }
    return LoadedTree(
      location: location, tree: tree, errorCount: reading.findings.count { $0.level == .error })
  }
}

extension CommandError {
  /// A file or folder of a tree that could not be read.
  static func unreadable(_ error: FileAccessError, in location: TreeLocation) -> Self {
    .environment("cannot read \(FileSystem.join(location.name, error.path)): \(error.message)")
  }
}

extension FlagsTree {
  /// Refuses an environment that the manifest does not have.
  func requireEnvironment(_ name: String) throws(CommandError) {
    let known = manifest.environments.map(\.value)
    if !known.contains(name) { throw .unknown("environment", name, among: known) }
  }
}
