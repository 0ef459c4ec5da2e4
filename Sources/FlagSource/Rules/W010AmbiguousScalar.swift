extension Rule {
  static let ambiguousScalar = Rule(
    code: "W010", name: "ambiguous-scalar", level: .warning,
    summary: "A value without quotes means something else to readers of YAML 1.1.",
    explanation: """
      Ensign reads YAML 1.2, where `012` is twelve and `12:30` and `1_000` are texts. Editors, scripts and other tools \
      that read YAML 1.1 take them for 10, 750 and 1000, and may write that back. Put a text in quotes; write a number \
      plainly. `on`, `off`, `yes` and `no`, which YAML 1.1 takes for Booleans, are fine here.
      """,
    badExample: Example("segments/staff.yaml", "include: [0123]\n"),
    goodExample: Example("segments/staff.yaml", "include: [\"0123\"]\n"))
}

extension Finding {
  static func ambiguousScalar(_ text: String, reading: String, at place: Place) -> Finding {
    var finding = Finding(
      "W010", level: .warning, message: "other tools read \(text.quoted) without quotes as \(reading)",
      help: "write `\"\(text)\"`", file: place.file, range: place.range)
    finding.fix = Finding.Fix(
      title: "put it in quotes", applicability: .safe, edits: [.init(range: place.range, replacement: "\"\(text)\"")])
    return finding
  }

  static func ambiguousNumber(_ text: String, value: String, at place: Place) -> Finding {
    var finding = Finding(
      "W010", level: .warning, message: "other tools read \(text.quoted) as an octal number",
      help: "write `\(value)`", file: place.file, range: place.range)
    finding.fix = Finding.Fix(
      title: "write `\(value)`", applicability: .safe, edits: [.init(range: place.range, replacement: value)])
    return finding
  }
}
