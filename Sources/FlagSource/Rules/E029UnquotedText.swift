internal import YAML

extension Rule {
  static let unquotedText = Rule(
    code: "E029", name: "unquoted-text", level: .error,
    summary: "A text is wanted, and what stands there without quotes is a number, a Boolean or null.",
    explanation: """
      YAML reads `42`, `1.0`, `true` and `null` without quotes as something else than a text, and a context's text is \
      never equal to a number. Put the value in quotes if the text is meant.
      """,
    badExample: Example("segments/staff.yaml", "when:\n  email: {startsWith: 42}\n"),
    goodExample: Example("segments/staff.yaml", "when:\n  email: {startsWith: \"42\"}\n"))
}

extension Finding {
  static func unquotedText(_ subject: String, found node: Document.Node, at place: Place) -> Finding {
    let quoted = "\"\(node.text)\""
    var finding = Finding(
      "E029", level: .error, message: "\(subject) must be a text, and \(node.text.quoted) without quotes is none",
      help: "write `\(quoted)` if the text is meant", file: place.file, range: place.range)
    finding.fix = Finding.Fix(
      title: "write `\(quoted)`", applicability: .unsafe, edits: [.init(range: place.range, replacement: quoted)])
    return finding
  }
}
