extension Rule {
  static let repeatedName = Rule(
    code: "E045", name: "repeated-name", level: .error,
    summary: "A name or value stands twice where each may stand once.",
    explanation: """
      Environments, the closed values of an attribute and the attributes of a test's context are sets; a second mention \
      is a slip, and often another name was meant.
      """,
    badExample: Example(
      "ensign.yaml",
      Example.base[0].text.split(separator: "\n").map { $0.hasPrefix("environments") ? bad : String($0) }
        .joined(separator: "\n") + "\n"),
    goodExample: Example("ensign.yaml", Example.base[0].text))

  private static let bad = "environments: [staging, production, staging]"
}

extension Finding {
  static func repeatedName(_ name: String, in subject: String, first: Place, at place: Place) -> Finding {
    Finding(
      "E045", level: .error, message: "\(name.quoted) stands twice in \(subject)", help: "remove one of the two",
      file: place.file, range: place.range, notes: [Note("the first is here", file: first.file, range: first.range)])
  }
}
