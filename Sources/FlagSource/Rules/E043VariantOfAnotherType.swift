internal import YAML

extension Rule {
  static let variantOfAnotherType = Rule(
    code: "E043", name: "variant-of-another-type", level: .error,
    summary: "A variant's value is not of the flag's type.",
    explanation: """
      Services ask for a flag with a type; a variant of another type would fail there, for some contexts only. Write a \
      value of the flag's type: without quotes for Booleans and numbers, a mapping for objects.
      """,
    badExample: Example(
      "definitions/page-size.yaml", "type: integer\nvariants: {small: 10, large: many}\noff: small\n"),
    goodExample: Example(
      "definitions/page-size.yaml", "type: integer\nvariants: {small: 10, large: 50}\noff: small\n"))
}

extension Finding {
  static func variantOfAnotherType(
    _ variant: String, type: FlagType, found node: Document.Node, at place: Place
  ) -> Finding {
    let (expected, example): (String, String) =
      switch type {
      case .boolean: ("`true` or `false` without quotes", "true")
      case .string: ("a text, in quotes where it looks like something else", "\"42\"")
      case .integer: ("a number without a fraction and without quotes", "42")
      case .number: ("a number without quotes", "0.5")
      case .object: ("a mapping", "{colour: red}")
      }
    return Finding(
      "E043", level: .error,
      message: "the flag is of type `\(type.rawValue)`, but the variant \(variant.quoted) is \(node.kindInWords)",
      help: "write \(expected), such as `\(example)`", file: place.file, range: place.range)
  }
}
