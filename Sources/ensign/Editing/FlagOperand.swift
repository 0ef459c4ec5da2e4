internal import FlagSource

/// A flag in an environment, as commands that edit name them.
struct FlagOperand {
  let flag: String
  let environment: String

  /// - Parameter environment: the value of `--environment`.
  init(_ flag: String, environment: String?, in session: Session) throws(CommandError) {
    guard let environment else {
      throw .usage("\(session.command.name) needs to know where: --environment NAME")
    }
    self.flag = flag
    self.environment = environment
  }

  /// The flag's definition.
  ///
  /// - Throws: when there is no such flag or no such environment, or the flag is archived.
  func definition(in tree: FlagsTree) throws(CommandError) -> Definition {
    try tree.requireEnvironment(environment)
    let definition = try tree.requireFlag(flag)
    guard !definition.isArchived else {
      throw .refused(
        "the flag '\(flag)' is archived: it is compiled nowhere", help: "take `archived: true` back first")
    }
    return definition
  }

  /// What the flag does in the environment; nil when there is no file.
  ///
  /// - Throws: as ``definition(in:)``, and when the file cannot be understood.
  func config(in tree: FlagsTree) throws(CommandError) -> EnvironmentConfig? {
    _ = try definition(in: tree)
    if tree.broken.configs[environment]?.contains(flag) == true {
      throw .refused("the file of '\(flag)' in \(environment) has errors", help: "see 'ensign validate'")
    }
    return tree.config(of: flag, in: environment)
  }

  /// What the flag does in the environment.
  ///
  /// - Throws: as ``config(in:)``, and when there is no file.
  func requiredConfig(in tree: FlagsTree) throws(CommandError) -> EnvironmentConfig {
    if let config = try config(in: tree) { return config }
    let others = tree.configs.filter { $0.flag == flag }.map(\.environment)
    let promote = others.last.map {
      ["copy what it does elsewhere: ensign promote \(flag) --from \($0) --to \(environment)"]
    }
    throw CommandError(
      status: .findings,
      message:
        "the flag '\(flag)' has no file in \(environment), so it is disabled there and nothing says what it serves",
      help: (promote ?? []) + ["or write environments/\(environment)/\(flag).yaml, with `enabled` and `otherwise`"])
  }
}

extension FlagsTree {
  /// The definition of a flag, archived or not.
  func requireFlag(_ key: String) throws(CommandError) -> Definition {
    if let definition = definition(of: key) { return definition }
    if broken.definitions.contains(key) {
      throw .refused("the definition of '\(key)' has errors", help: "see 'ensign validate'")
    }
    throw .unknown("flag", key, among: definitions.map(\.key))
  }
}
