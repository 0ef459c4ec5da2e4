extension Rule {
  static let unknownWord = Rule(
    code: "E025", name: "unknown-word", level: .error,
    summary: "A value is none of the words that its place allows.",
    explanation: """
      Types, kinds and shapes are chosen from a fixed set of words. The finding lists them.
      """,
    badExample: Example("definitions/new-cart.yaml", "type: bool\noff: off\n"),
    goodExample: Example("definitions/new-cart.yaml", "type: boolean\noff: off\n"))
}

extension Finding {
  static func unknownWord(_ word: String, of subject: String, allowed: [String], at place: Place) -> Finding {
    let nearest = NearestName.find(word, among: allowed)
    var finding = Finding(
      "E025", level: .error, message: "\(subject) cannot be \(word.quoted)",
      help: (nearest.map { "did you mean `\($0)`? " } ?? "") + "it is one of \(allowed.alternatives)",
      file: place.file, range: place.range)
    if let nearest {
      finding.fix = Fix(
        title: "write `\(nearest)`", applicability: .unsafe, edits: [.init(range: place.range, replacement: nearest)])
    }
    return finding
  }
}
