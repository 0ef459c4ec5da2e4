internal import FlagSource

/// `ensign schema KIND`.
struct SchemaCommand: CommandBody {
  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    guard let shape = FileShape.allCases.first(where: { $0.word == operands.first }) else {
      throw .usage("no such kind of file")
    }
    session.console.output.write(JSONSchema.document(of: shape))
    return .done
  }
}

extension FileShape {
  /// The kind of file as the command line names it: in the singular.
  fileprivate var word: String { self == .tests ? "test" : rawValue }
}

extension Command {
  static let schema = Command(
    "schema", SchemaCommand(), group: .author, summary: "Print the JSON Schema of a kind of file.",
    discussion: """
      The schema (draft 2020-12) is for editors that complete and check YAML while it is written. What needs more than \
      one file, such as whether a segment exists, is checked by 'ensign validate' only.

      With the YAML language server, keep the schemas beside the tree and name them on the first line of a file:
        # yaml-language-server: $schema=../../schemas/definition.json
      """,
    operands: [
      CommandOperand("KIND", words: FileShape.allCases.map(\.word), help: "the kind of file")
    ],
    examples: [("schema definition", "the schema of definitions/…/<key>.yaml")])
}
