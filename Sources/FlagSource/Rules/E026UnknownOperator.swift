extension Rule {
  static let unknownOperator = Rule(
    code: "E026", name: "unknown-operator", level: .error,
    summary: "A test names an operator that does not exist.",
    explanation: """
      A test is a value, a list of values, or a mapping of operators. Every attribute type has its own operators; all \
      have `is`, `isNot`, `in`, `notIn` and `exists`.
      """,
    badExample: Example("segments/staff.yaml", "when:\n  age: {atleast: 18}\n"),
    goodExample: Example("segments/staff.yaml", "when:\n  age: {atLeast: 18}\n"))
}

extension Finding {
  static func nestedAttribute(_ word: String, help: String, at place: Place) -> Finding {
    Finding(
      "E026", level: .error, message: "there is no operator \(word.quoted)", help: help, file: place.file,
      range: place.range)
  }

  static func unknownOperator(_ word: String, allowed: [String], at place: Place) -> Finding {
    let nearest = NearestName.find(word, among: allowed)
    var finding = Finding(
      "E026", level: .error, message: "there is no operator \(word.quoted)",
      help: (nearest.map { "did you mean `\($0)`? " } ?? "") + "the operators here are \(allowed.alternatives)",
      file: place.file, range: place.range)
    if let nearest {
      finding.fix = Fix(
        title: "write `\(nearest)`", applicability: .unsafe, edits: [.init(range: place.range, replacement: nearest)])
    }
    return finding
  }
}
