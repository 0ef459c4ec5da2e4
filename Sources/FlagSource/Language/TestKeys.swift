/// The keys of a flag test.
package enum TestKey: String, MappingKey {
  case name, flag, environment, given, matrix, at, expect, expectValue, because, bucket

  package static let mapping: StaticString = "a test"
  package static let table = KeyTable<TestKey>()

  package var keyShape: KeyShape {
    switch self {
    case .name:
      KeyShape("a text", example: "staff get the new cart", value: .text, summary: "What the test shows.")
    case .flag:
      KeyShape("a flag's key", example: "checkout-v2", isRequired: true, value: .name, summary: "The flag to evaluate.")
    case .environment:
      KeyShape(
        "an environment or a list of environments", example: "[staging, production]", isRequired: true,
        value: .either([.name, .list(of: .name, minimum: 1)]), summary: "Where to evaluate it.")
    case .given:
      KeyShape(
        "a mapping of attributes", example: "{targetingKey: user-1, country: DE}",
        value: .dictionary(of: .json, minimum: 0), summary: "The context; nested mappings stand for dotted names.")
    case .matrix:
      KeyShape(
        "a mapping from attributes to lists of values", example: "{country: [DE, FR]}",
        value: .dictionary(of: .list(of: .json, minimum: 1), minimum: 1),
        summary: "Every combination of the values, each merged into `given`.")
    case .at:
      KeyShape(
        "a moment", example: "2026-12-01T09:00:00Z", value: .timestamp,
        summary: "The moment of evaluation; default: 2026-01-01T00:00:00Z.")
    case .expect:
      KeyShape("a variant's name", example: "on", value: .name, summary: "The variant that must be served.")
    case .expectValue:
      KeyShape("a value", example: "true", value: .json, summary: "The value that must be served.")
    case .because:
      KeyShape(
        "a rule's name, `targets`, `otherwise`, `disabled` or `requires`", example: "otherwise", value: .text,
        summary: "What must have decided.")
    case .bucket:
      KeyShape(
        "a percentage", example: "12.5", value: .percentage,
        summary: "Takes the place of every hash, in percent, below 100.")
    }
  }
}
