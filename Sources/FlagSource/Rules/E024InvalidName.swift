extension Rule {
  static let invalidName = Rule(
    code: "E024", name: "invalid-name", level: .error,
    summary: "A key or name has characters that names must not have, or too many.",
    explanation: """
      The keys of flags and segments (their files' names), environments, variants and the project match \
      `[A-Za-z0-9][A-Za-z0-9._-]*` and have 128 bytes at most, so that they fit into paths, URLs and logs everywhere. \
      Names of rules, owners and attributes are freer: no control characters, 128 bytes at most.
      """,
    badExample: Example("definitions/old cart.yaml", "type: boolean\noff: off\n"),
    goodExample: Example("definitions/old-cart.yaml", "type: boolean\noff: off\n"))
}

extension Finding {
  static func invalidName(_ name: String, problem: String?, of subject: String, at place: Place) -> Finding {
    Finding(
      "E024", level: .error,
      message: "\(subject) cannot be \(name.quoted)\(problem.map { ": \($0)" } ?? "")",
      help: "use letters, digits, `-`, `_` and `.`, beginning with a letter or digit, 128 bytes at most",
      file: place.file, range: place.range)
  }

  static func invalidLabel(_ name: String, problem: String, of subject: String, at place: Place) -> Finding {
    Finding(
      "E024", level: .error, message: "\(subject) cannot be \(name.quoted): \(problem)",
      help: "choose a name of 128 bytes at most, without control characters", file: place.file, range: place.range)
  }

  static func invalidAttributeName(_ name: String, problem: String, at place: Place) -> Finding {
    Finding(
      "E024", level: .error, message: "an attribute's name cannot be \(name.quoted): \(problem)",
      help: "write names without spaces; a single dot between two of them stands for a nested object",
      file: place.file, range: place.range)
  }
}
