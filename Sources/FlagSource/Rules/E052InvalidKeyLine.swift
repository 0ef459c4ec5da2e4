extension Rule {
  static let invalidKeyLine = Rule(
    code: "E052", name: "invalid-key-line", level: .error,
    summary: "A line of a list of targeting keys holds no targeting key, or one that was there before.",
    explanation: """
      A text file of `includeFrom` has one targeting key a line, in UTF-8, lines ending in LF or CRLF. Empty lines, \
      spaces around a key, control characters, keys longer than 1,024 bytes and keys that stand twice are slips of an \
      export; they are reported, at most ten a file, with the count of all.
      """,
    badExample: Example([
      ("segments/staff.yaml", "includeFrom: staff.txt\n"), ("segments/staff.txt", "user-1\nuser-2\nuser-1\n"),
    ]),
    goodExample: Example([
      ("segments/staff.yaml", "includeFrom: staff.txt\n"), ("segments/staff.txt", "user-1\nuser-2\n"),
    ]))
}

extension Finding {
  static func invalidKeyLine(_ problem: String, first: Place?, at place: Place) -> Finding {
    Finding(
      "E052", level: .error, message: problem, help: "write one targeting key a line, each once", file: place.file,
      range: place.range, notes: first.map { [Note("the first is here", file: $0.file, range: $0.range)] } ?? [])
  }

  static func furtherKeyLines(_ count: Int, at place: Place) -> Finding {
    Finding(
      "E052", level: .error, message: "\(count) more \(count == 1 ? "line" : "lines") of this file cannot be used",
      help: "put the lines above right first, then run again", file: place.file, range: place.range)
  }
}
