/// A generated flags tree on disk, below `flags/` of a folder, and on request a commit of it.
struct GeneratedRepository {
  let folder: String
  private let generator: TreeGenerator

  init(_ options: Options, flags: Int, folder: String) {
    self.folder = folder
    generator = TreeGenerator(flags: flags, environments: options.environments, seed: options.seed)
  }

  /// Writes the tree.
  ///
  /// The folder must not have one yet.
  func write(commits: Bool) throws(Failure) {
    let tree = "\(folder)/flags"
    guard !FileSystem.exists(tree) else { throw Failure("\(tree) is there already") }
    var made = ""
    try generator.generate { (path: String, text: String) throws(Failure) in
      if let slash = path.lastIndex(of: "/"), path[..<slash] != made {
        made = String(path[..<slash])
        try FileSystem.makeFolder("\(tree)/\(made)")
      } else if made.isEmpty {
        try FileSystem.makeFolder(tree)
      }
      try FileSystem.write(text, to: "\(tree)/\(path)")
    }
    if commits { try commit() }
  }

  /// One commit, its objects in one pack, as after a clone.
  private func commit() throws(Failure) {
    try git("init", "--quiet")
    try git("-c", "core.fsync=none", "add", "--all")
    try git(
      "-c", "user.name=ensign-bench", "-c", "user.email=bench@ensign.example", "-c", "commit.gpgSign=false", "commit",
      "--quiet", "--message", "Generate a flags tree")
    try git("repack", "-a", "-d", "--quiet")
  }

  private func git(_ arguments: String...) throws(Failure) {
    _ = try ChildProcess("git", ["-C", folder] + arguments).run()
  }
}
