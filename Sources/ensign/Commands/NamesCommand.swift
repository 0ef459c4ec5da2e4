internal import FlagSource

/// `ensign __complete KIND`: the names that the completion scripts offer, one a line.
struct NamesCommand: CommandBody {
  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    for name in try names(of: operands[0], in: session) { session.console.output.line(name) }
    return .done
  }

  private func names(of kind: String, in session: Session) throws(CommandError) -> [String] {
    if kind == Option.Completion.rules.rawValue { return RuleRegistry.all.map(\.code.description) }
    let tree = try session.load().tree
    switch Option.Completion(rawValue: kind) {
    case .environments: return tree.manifest.environments.map(\.value)
    case .flags: return tree.definitions.map(\.key)
    case .segments: return tree.segments.map(\.key)
    case .owners: return tree.manifest.owners.keys.sorted()
    case .tags: return Set(tree.definitions.flatMap(\.tags).map(\.value)).sorted()
    default: return []
    }
  }
}

extension Command {
  static let names = Command(
    CompletionTable.namesCommand, NamesCommand(), group: .about, summary: "Print names for the completion scripts.",
    operands: [CommandOperand("KIND", help: "what to name")], isHidden: true)
}
