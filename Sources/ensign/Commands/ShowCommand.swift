internal import Ensign
internal import FlagSource

/// `ensign show FLAG`.
struct ShowCommand: CommandBody {
  var environment: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let key = operands[0]
    let loaded = try session.load()
    if let environment { try loaded.tree.requireEnvironment(environment) }
    guard let flag = loaded.tree.definition(of: key) else {
      throw .unknown("flag", key, among: loaded.tree.definitions.map(\.key), status: .findings)
    }
    let environments = environment.map { [$0] } ?? loaded.tree.manifest.environments.map(\.value)
    let output = session.console.output
    switch session.format {
    case .json: output.write(FlagSheet.document(of: flag, in: loaded, environments: environments))
    default: output.write(FlagSheet.text(of: flag, in: loaded, environments: environments, session.style))
    }
    return loaded.reportErrors(in: session)
  }
}

extension Command {
  static let show = Command(
    "show", ShowCommand(), group: .inspect, summary: "Show a flag and what it does in each environment.",
    operands: [CommandOperand("FLAG", completion: .flags, help: "the flag's key")],
    options: [
      .value(
        "environment", short: "e", "NAME", completion: .environments, category: .filter, \.environment,
        help: "look at this environment only")
    ],
    formats: [.text, .json], json: FlagSheet.fields,
    examples: [("show checkout-v2", "its definition and its configs")])
}
