extension Rule {
  static let missingKey = Rule(
    code: "E022", name: "missing-key", level: .error,
    summary: "A mapping lacks a key that it must have.",
    explanation: """
      Some keys have no default, because a guess could be wrong in production: whether a flag is enabled, what everyone \
      else gets, which variant is the safe one. Add the key.
      """,
    badExample: Example("environments/staging/new-cart.yaml", "enabled: true\n"),
    goodExample: Example("environments/staging/new-cart.yaml", "enabled: true\notherwise: on\n"))
}

extension Finding {
  static func missingKey(_ key: String, _ shape: KeyShape, in mapping: String, at place: Place) -> Finding {
    missingKey(key, expected: shape.expected, example: shape.example, in: mapping, at: place)
  }

  static func missingKey(
    _ key: String, expected: StaticString, example: StaticString, in mapping: String, at place: Place
  ) -> Finding {
    Finding(
      "E022", level: .error, message: "\(mapping) needs the key `\(key)`",
      help: "add `\(key)`: \(expected), such as `\(example)`", file: place.file, range: place.range)
  }

  static func missingOneOf(_ keys: [String], in mapping: String, help: String, at place: Place) -> Finding {
    Finding(
      "E022", level: .error, message: "\(mapping) needs one of the keys \(keys.alternatives)", help: help,
      file: place.file, range: place.range)
  }
}
