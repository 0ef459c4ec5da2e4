internal import YAML

extension Rule {
  static let invalidYAML = Rule(
    code: "E003", name: "invalid-yaml", level: .error,
    summary: "A file is not YAML.",
    explanation: """
      The reader stops at the first place where the text cannot go on; the mistake is there or shortly before. Check \
      the indentation, the brackets and the quotes.
      """,
    badExample: Example("environments/staging/new-cart.yaml", "enabled: true\notherwise: [on\n"),
    goodExample: Example("environments/staging/new-cart.yaml", "enabled: true\notherwise: on\n"))
}

extension Finding {
  /// What the YAML reader says, as a finding of the rule that covers it.
  static func yaml(_ error: YAMLError, in file: FileReference) -> Finding {
    let code: RuleCode =
      switch error.code {
      case .invalidUTF8, .nul, .controlCharacter: "E002"
      case .syntax: "E003"
      case .empty: "E004"
      case .tooLarge, .tooDeep, .tooManyNodes, .outOfMemory: "E005"
      case .duplicateKey: "E006"
      case .alias, .anchor, .tag, .multipleDocuments, .directive, .collectionKey: "E007"
      }
    return Finding(
      code, level: .error, message: error.message, help: error.help, file: file, range: error.range,
      notes: error.related.map { [Note($0.message, file: file, range: $0.range)] } ?? [])
  }
}
