extension Rule {
  static let unsupportedFormat = Rule(
    code: "E041", name: "unsupported-format", level: .error,
    summary: "The tree is written in a format that this version does not know.",
    explanation: """
      `format` says by which version of the language the tree is to be read. A newer format may give the same words \
      another meaning, so nothing is guessed: use a newer Ensign.
      """,
    badExample: Example(
      "ensign.yaml",
      "format: 2\n" + Example.base[0].text.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"),
    goodExample: Example("ensign.yaml", Example.base[0].text))
}

extension Finding {
  static func unsupportedFormat(_ format: String, isNewer: Bool, at place: Place) -> Finding {
    Finding(
      "E041", level: .error,
      message: "format \(format) is \(isNewer ? "newer than this version of Ensign, which reads format 1" : "unknown")",
      help: isNewer ? "use a newer version of Ensign" : "write `format: 1`", file: place.file, range: place.range)
  }
}
