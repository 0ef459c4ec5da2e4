/// A generated flags tree with a long history, made by `git fast-import`: each commit switches one flag on or off in one
/// environment.
struct GeneratedHistory {
  /// A flag and where it is written.
  struct Flag {
    let key: String
    let paths: [String]
  }

  private let folder: String
  private let length: Int
  private let options: Options

  init(_ options: Options, folder: String) {
    self.options = options
    self.folder = folder
    length = options.commits
  }

  /// Writes the repository, packed, with a work tree.
  ///
  /// - Returns: A flag that changes in one commit of fifty, one that changes a dozen times, and one that was only added.
  func write() throws -> [Flag] {
    var files: [(path: String, text: String)] = []
    try TreeGenerator(flags: options.flags, environments: options.environments, seed: options.seed)
      .generate { (path: String, text: String) throws(Failure) in files.append(("flags/" + path, text)) }
    let configs = files.indices.filter { index in
      files[index].path.hasPrefix("flags/environments/")
        && ["enabled: true", "enabled: false"].contains { files[index].text.contains($0) }
    }
    guard let hot = configs.first, let cold = configs.last, configs.count > 10 else {
      throw Failure("history wants more flags")
    }
    let middle = configs[configs.count / 2]
    var random = SplitMix64(seed: options.seed)
    var stream = Self.commit(0, files)
    for number in 1..<max(length, 2) {
      var chosen = configs[Int(random.next() % UInt64(configs.count))]
      if number.isMultiple(of: 50) { chosen = hot }
      if number.isMultiple(of: max(length / 12, 1)) { chosen = middle }
      // The others stay as they are, so that their histories are known.
      if files[chosen].path.hasSuffix(Self.name(files[cold].path)) { chosen = hot }
      let text = files[chosen].text
      files[chosen].text =
        text.contains("enabled: true")
        ? text.replacing("enabled: true", with: "enabled: false")
        : text.replacing("enabled: false", with: "enabled: true")
      stream += Self.commit(number, [files[chosen]])
    }
    try FileSystem.write(stream, to: "\(folder)/stream")
    try git(["init", "--quiet", "--initial-branch=main"])
    _ = try ChildProcess("sh", ["-c", "git -C \"$0\" fast-import --quiet < \"$0/stream\"", folder]).run()
    try git(["reset", "--quiet", "--hard"])
    try git(["repack", "-a", "-d", "-f", "--quiet"])
    return [hot, middle, cold].map { index in
      let name = Self.name(files[index].path)
      let paths = files.map(\.path).filter { $0.hasSuffix(name) && !$0.contains("/tests/") }
      return Flag(key: String(name.dropFirst().dropLast(5)), paths: paths + ["flags/ensign.yaml"])
    }
  }

  /// Runs Git in the repository.
  func git(_ arguments: [String]) throws(Failure) {
    _ = try ChildProcess("git", ["-C", folder] + arguments).run()
  }

  /// `/name.yaml` of a path.
  private static func name(_ path: String) -> String { String(path[(path.lastIndex(of: "/") ?? path.startIndex)...]) }

  private static func commit(_ number: Int, _ files: [(path: String, text: String)]) -> String {
    let message = "Change \(number)"
    var text = "commit refs/heads/main\n"
    text += "committer Ada <ada@example.com> \(1_600_000_000 + number * 60) +0000\n"
    text += "data \(message.utf8.count)\n\(message)\n"
    for file in files { text += "M 100644 inline \(file.path)\ndata \(file.text.utf8.count)\n\(file.text)\n" }
    return text
  }
}
