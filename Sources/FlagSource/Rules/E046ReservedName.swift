extension Rule {
  static let reservedName = Rule(
    code: "E046", name: "reserved-name", level: .error,
    summary: "A name is taken by the language itself.",
    explanation: """
      `targetingKey` and `now` are built in and need no declaration. `all`, `any`, `not` and `segment` mean something in \
      conditions, so no attribute can have these names; `targets`, `otherwise`, `disabled` and `requires` mean something \
      in the `because` of tests, so no rule can.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\nrules:\n  - name: otherwise\n    share: 20\n    serve: on\notherwise: off\n"),
    goodExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\nrules:\n  - name: a-fifth\n    share: 20\n    serve: on\notherwise: off\n"))
}

extension Finding {
  static func reservedName(_ name: String, _ subject: String, help: String, at place: Place) -> Finding {
    Finding(
      "E046", level: .error, message: "\(subject) cannot be named \(name.quoted): the language uses the name itself",
      help: help, file: place.file, range: place.range)
  }
}
