extension Rule {
  static let unclearExpectation = Rule(
    code: "E049", name: "unclear-expectation", level: .error,
    summary: "A test expects two things, or nothing.",
    explanation: """
      A test has either `expect`, a variant's name, or `expectValue`, the value itself. A test that expects nothing \
      would pass whatever the flag does.
      """,
    badExample: Example("tests/new-cart.yaml", "- flag: new-cart\n  environment: staging\n"),
    goodExample: Example("tests/new-cart.yaml", "- flag: new-cart\n  environment: staging\n  expect: on\n"))
}

extension Finding {
  static func noExpectation(at place: Place) -> Finding {
    Finding(
      "E049", level: .error, message: "the test expects nothing",
      help: "add `expect` with a variant's name, or `expectValue` with a value", file: place.file, range: place.range)
  }

  static func twoExpectations(first: Place, at place: Place) -> Finding {
    Finding(
      "E049", level: .error, message: "the test has both `expect` and `expectValue`", help: "keep one of the two",
      file: place.file, range: place.range, notes: [Note("the other is here", file: first.file, range: first.range)])
  }
}
