/// The keys of a flag's definition.
package enum DefinitionKey: String, MappingKey {
  case description, type, variants, off, owner, kind, tags, expires, archived

  package static let mapping: StaticString = "a flag's definition"
  package static let table = KeyTable<DefinitionKey>()

  package var keyShape: KeyShape {
    switch self {
    case .description:
      KeyShape("a text", example: "One-page checkout.", value: .text, summary: "What the flag is for.")
    case .type:
      KeyShape(
        "a flag type", example: "boolean", isRequired: true, value: .word(FlagType.allCases.map(\.rawValue)),
        summary: "The type of all variants.")
    case .variants:
      KeyShape(
        "a mapping of variants", example: "{on: true, off: false}", value: .dictionary(of: .json, minimum: 1),
        summary: "The values that the flag can have, by name; boolean flags may leave it out.")
    case .off:
      KeyShape(
        "a variant's name", example: "off", isRequired: true, value: .name,
        summary: "The variant that is served while the flag is disabled.")
    case .owner:
      KeyShape("an owner's name", example: "payments", value: .text, summary: "Who answers for the flag.")
    case .kind:
      KeyShape(
        "a kind of flag", example: "release", value: .word(FlagKind.allCases.map(\.rawValue)),
        summary: "Why the flag exists, which decides how long it may live.")
    case .tags:
      KeyShape(
        "a list of words", example: "[checkout, growth]", value: .list(of: .text, minimum: 0),
        summary: "Words to find the flag by.")
    case .expires:
      KeyShape("a day", example: "2027-03-01", value: .date, summary: "The day on which the flag should be gone.")
    case .archived:
      KeyShape(
        "true or false", example: "true", value: .boolean,
        summary: "Whether the flag is compiled nowhere any more; its key is never reused.")
    }
  }
}
