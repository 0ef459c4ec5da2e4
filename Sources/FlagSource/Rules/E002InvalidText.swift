extension Rule {
  static let invalidText = Rule(
    code: "E002", name: "invalid-text", level: .error,
    summary: "A file is not UTF-8, or has characters that no text file should have.",
    explanation: """
      Files are UTF-8, with or without a byte order mark. NUL bytes, control characters and the characters that only \
      some readers take for line ends are refused, because people would not see them. Save the file as UTF-8; inside \
      double quotes such characters can be written as escapes.
      """,
    badExample: Example("segments/staff.yaml", "description: \"Our own\u{7} people.\"\ninclude: [user-1]\n"),
    goodExample: Example("segments/staff.yaml", "description: \"Our own\\u0007 people.\"\ninclude: [user-1]\n"))
}
