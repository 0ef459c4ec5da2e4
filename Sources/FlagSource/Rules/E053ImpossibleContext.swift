internal import YAML

extension Rule {
  static let impossibleContext = Rule(
    code: "E053", name: "impossible-context", level: .error,
    summary: "A test gives an attribute a value that no context can have.",
    explanation: """
      The attributes of a context are texts, numbers, Booleans and lists of texts; nested mappings stand for dotted \
      names. An attribute that is null is one that is not there: leave it out. The time of evaluation is given by `at`.
      """,
    badExample: Example(
      "tests/new-cart.yaml",
      "- flag: new-cart\n  environment: staging\n  given: {country: null}\n  expect: on\n"),
    goodExample: Example(
      "tests/new-cart.yaml", "- flag: new-cart\n  environment: staging\n  given: {country: DE}\n  expect: on\n"))
}

extension Finding {
  static func impossibleValue(_ attribute: String, found node: Document.Node, at place: Place) -> Finding {
    Finding(
      "E053", level: .error, message: "no context has \(attribute.quoted) as \(node.kindInWords)",
      help: "write a text, a number, a Boolean or a list of texts, or leave the attribute out", file: place.file,
      range: place.range)
  }

  static func givenNow(at place: Place) -> Finding {
    Finding(
      "E053", level: .error, message: "`now` is not an attribute that a context gives",
      help: "write the moment as `at:` beside `given`", file: place.file, range: place.range)
  }
}
