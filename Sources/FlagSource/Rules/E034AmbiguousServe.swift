extension Rule {
  static let ambiguousServe = Rule(
    code: "E034", name: "ambiguous-serve", level: .error,
    summary: "What is served has two forms, or none.",
    explanation: """
      `serve` and `otherwise` take a variant's name or exactly one of `split`, `ranges` and `ramp`. Remove the form that \
      is not meant.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\notherwise:\n  split: {on: 50, off: 50}\n  ramp: on\n"),
    goodExample: Example(
      "environments/staging/new-cart.yaml", "enabled: true\notherwise:\n  split: {on: 50, off: 50}\n"))
}

extension Finding {
  static func twoServeForms(_ second: String, first: String, firstPlace: Place, at place: Place) -> Finding {
    Finding(
      "E034", level: .error, message: "`\(second)` stands beside `\(first)`: only one of them can be served",
      help: "keep one of the two", file: place.file, range: place.range,
      notes: [Note("`\(first)` is here", file: firstPlace.file, range: firstPlace.range)])
  }

  static func noServeForm(at place: Place) -> Finding {
    Finding(
      "E034", level: .error, message: "nothing is served here",
      help: "write a variant's name, or one of `split`, `ranges` and `ramp`", file: place.file, range: place.range)
  }
}
