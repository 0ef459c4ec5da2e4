internal import Ensign
internal import FlagHistory
internal import FlagSource

/// `ensign new flag KEY`.
struct NewFlagCommand: EditingBody {
  var type: FlagSource.FlagType?
  var kind: FlagKind?
  var owner: String?
  var description: String?
  var expires: String?
  var tags: [String] = []
  var folder: String?
  var editing = EditOptions()

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let key = operands[0]
    let loaded = try session.load()
    try Scaffold.check(key, of: "flag", among: loaded.tree.definitions.map { ($0.key, loaded.shownPath(of: $0.file)) })
    if let owner, loaded.tree.manifest.owners[owner] == nil {
      throw .unknown("owner", owner, among: loaded.tree.manifest.owners.keys.sorted())
    }
    if let expires, CalendarDate(text: expires) == nil {
      throw .usage("--expires \(expires): this is no date", help: "write YYYY-MM-DD, such as 2027-03-01")
    }
    let type = self.type ?? .boolean
    let place = try Scaffold.place(folder, key)
    var files = [("definitions/" + place, definition(type))]
    for environment in loaded.tree.manifest.environments {
      files.append(("environments/\(environment.value)/" + place, config(type)))
    }
    try Scaffold.write(files, of: .flag(key), headline: "Add the flag \(key)", editing, in: loaded.location, session)
    session.summary("next: say what it does in each environment, then ensign validate")
    return .done
  }

  private func definition(_ type: FlagSource.FlagType) -> String {
    var lines: [String] = []
    if let description { lines.append("description: \(Scaffold.quoted(description))") }
    lines.append("type: \(type.rawValue)")
    if let variants = type.exampleVariants { lines.append("variants: \(variants)") }
    lines.append("off: off")
    if let owner { lines.append("owner: \(Scaffold.quoted(owner))") }
    if let kind { lines.append("kind: \(kind.rawValue)") }
    if !tags.isEmpty { lines.append("tags: [\(tags.map(Scaffold.quoted).joined(separator: ", "))]") }
    if let expires { lines.append("expires: \(expires)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func config(_ type: FlagSource.FlagType) -> String {
    """
    enabled: false
    otherwise: \(type.exampleVariants == nil ? "on" : "new")

    """
  }
}

extension FlagSource.FlagType {
  /// Variants to start from; nil where the language has some of its own.
  fileprivate var exampleVariants: String? {
    switch self {
    case .boolean: nil
    case .string: "{off: \"\", new: \"new\"}"
    case .integer: "{off: 0, new: 1}"
    case .number: "{off: 0.0, new: 1.0}"
    case .object: "{off: {}, new: {enabled: true}}"
    }
  }
}

extension Command {
  static let newFlag = Command(
    "new flag", NewFlagCommand(), group: .author, summary: "Make the files of a new flag.",
    discussion: """
      Writes a definition and a config for every environment, disabled. Keys that exist are refused, those of archived \
      flags too: a key never gets a second meaning.
      """,
    operands: [CommandOperand("KEY", help: "the flag's key")],
    options: [
      .choice("type", "TYPE", \.type, help: "the type of its variants (default: boolean)"),
      .choice("kind", "KIND", \.kind, help: "why it exists, which decides how long it may live"),
      .value("owner", "NAME", completion: .owners, \.owner, help: "who answers for it"),
      .value("description", "TEXT", \.description, help: "what it is for"),
      .value("expires", "DATE", \.expires, help: "the day on which it should be gone"),
      .values("tag", "NAME", completion: .tags, \.tags, help: "a word to find it by; repeatable"),
      .value("folder", "PATH", \.folder, help: "the folder below definitions/ and each environment, such as payments"),
    ] + EditOptions.declarations(for: NewFlagCommand.self),
    examples: [
      ("new flag one-click-order --owner payments --kind release --expires 2027-06-30", "a boolean flag"),
      ("new flag page-size --type integer --folder search", "a number, in a folder of its own"),
    ])
}
